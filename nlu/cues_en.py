# ruff: noqa: E501 - phrase tables read best by row
"""The English words that give an intent away: (intent, how sure, phrases parted by semicolons, folded). Brackets are alternatives."""

from nlu.names import IntentName as I

ENGLISH: tuple[tuple[I, float, str], ...] = (
    (
        I.EMERGENCY,
        0.99,
        "ambulance;help me (he|she|they|please he|the);suicide;suicidal;kill myself;end my life;gas leak;(smell|smelling) gas;house is on fire;unconscious;passed out;(call|calling|called) (the |)(police|999|911|ambulance);emergency;harass;harassed;harassing;harassment;assault;assaulted;molested;groped;groping;rape;(he|she)('s| is|) (touched|touching|hit|hitting|attacked|attacking|threatened|threatening|hurting|hurt) me;threatening me;(boyfriend|husband|partner|girlfriend|wife|ex|someone|somebody|masseur|therapist|man|guy) (just |)(hit|hits|beat|beats|hurt|hurts|attacked|threatened|grabbed|touched) me;(beating|choking|strangling) me;won't leave;won't let me go;won't let me leave;(i'm|i am|i feel|feel|feeling|not) (unsafe|in danger|bleeding|safe|scared)",
    ),
    (
        I.HUMAN,
        0.97,
        "(talk|speak|chat) (to|with) (a |an |some|the |your |)(human|person|one|body|agent|real person|operator|representative|staff|manager|customer service|support|supervisor);(real|actual|live) (person|human|agent);human;agent;(customer|live) (service|support|chat);representative;call me back;(give me|give us) a (call|ring);operator;a person please;manager",
    ),
    (
        I.ERASE_ME,
        0.97,
        "(delete|erase|remove|wipe) (all |)(my|of my) (personal |)(data|account|information|info|details|profile|records);forget me;gdpr;close my account",
    ),
    (
        I.CANCEL,
        0.96,
        "cancel;cancelling;canceling;cancelled;call it off;don't come;(forget|drop|scrap) (it|that|this|about it);never ?mind;nevermind;never mind;(no longer|don't) (need|want) (it|this|that|the booking|the appointment|the massage)( anymore| any more|);i don't want it;not going ahead",
    ),
    (
        I.ASK_POLICY,
        0.93,
        "what (if|happens if|happens when) (i|we) (need to |have to |want to |must |)cancel;if (i|we) cancel;(when|how) (do|will|can|would) i (get|be) (my money back|my money|a refund|the refund|my refund|refunded);(when|how|where) (does|is|will) (my|the) (refund|money) (come|arrive|be paid|paid|back|come back);how (do|does) (a refund|refunds|the refund) work;(what does|how much does) cancelling cost;(is|are) cancelling free;is it free to cancel;can i (still |)cancel;(cancellation|cancelation) (fee|fees|policy|charge|charges|rules|terms);(is|are) there (a |any |)(cancellation|cancel) (fee|charge);how (much|late) (to|can i) cancel;(opening|working|business) hours;(your|the|refund|privacy) policy;invoice;receipt;parking;(do|which|what) (you |)(cover|areas)( do you|);what areas;(payment|pay) methods;(can|could) i pay (cash|by card|by|with|in);(do you|can i) (take|accept|pay by|pay with|pay in)( card| cash|);insured;insurance;what time do you (close|open|finish|start);when do you (close|open|finish);are you (licensed|legit|insured|open);is it safe;deposit",
    ),
    (I.REFUND, 0.95, "refund;refunded;refunds;money back;reimburse;reimbursed;chargeback"),
    (
        I.RESCHEDULE,
        0.94,
        "reschedule;re-schedule;rearrange;postpone;(move|change|shift|push|push back|bring forward|delay) (my|the|our|this) (booking|appointment|slot|visit|time|session|massage|order);(change|move) (the |)time;(push|move|put) it (back|forward|off|to);(another|different|new|other) (time|day|slot|date)",
    ),
    (
        I.CHANGE_TECHNICIAN,
        0.95,
        "(change|switch|swap) (the |my |)(technician|therapist|masseuse|masseur|beautician|cleaner|person|staff);(another|a different|different|other|new) (technician|therapist|masseuse|masseur|beautician|cleaner|person);someone else;somebody else;(change|switch|swap) to (a |)(female|male|woman|man|lady|guy)( technician| therapist| one|);(a |)(female|male|woman|man|lady) instead",
    ),
    (
        I.CORRECT,
        0.9,
        "i meant;i mean;(change|edit|update|wrong) (the |my |)(address|phone|number|service|location|date);actually;make (it|that);(change|switch|move) (it |that |)to;instead;i said;(that's|thats|it's|that is) (wrong|not right|incorrect|not correct|not what i);wrong (time|day|address|date|service|one);my mistake;sorry (not|i)",
    ),
    (
        I.REBOOK,
        0.95,
        "rebook;re-book;(the |)same (therapist|technician|lady|girl|guy|person|masseuse) (again|as last time|as before);book (it |that |this |)again;same (again|as last time|as before|thing|booking|order);(the |my |)usual( please| again|);repeat (my|the|that|last) (booking|order|appointment|last);order again;do it again",
    ),
    (
        I.BROWSE_TECHNICIANS,
        0.94,
        "(which|what|list|show me|show|see) (of |)(all |)(the |your |me |)(technicians|therapists|masseuses|beauticians|cleaners|staff);who (do you have|is available|works|are your);(who's|whos) available;(all|see|list) (technicians|therapists|cleaners)",
    ),
    (
        I.BROWSE_SERVICES,
        0.94,
        "(what|which|list|show me|show|see) (kind of |kinds of |other |all |the |your |all the |)(services|treatments|massages|options);what do you (do|offer|have|provide);what('s| is|) (on |)(the menu|offer);what can i (book|get|order);services;menu;treatments",
    ),
    (
        I.RECOMMEND,
        0.93,
        "recommend;recommendation;recommendations;suggest;suggestion;suggestions;(which|what) (one |is |one is |massage is |would be |do you think is |)(best|better|good|popular|most popular);what's (good|best|popular);advise;not sure (what|which)",
    ),
    (
        I.ASK_PRICE,
        0.95,
        "how much;price;prices;pricing;price list;cost;costs;(what's|what is|what are) (the |your |)(price|cost|rate|rates|fee|fees|charge|charges|damage);rates;(what|how) do you charge;charge;fee;fees;(how |too |is it |)expensive;(too |a bit |)pricey;(a bit|too|bit) steep;(out of|over|beyond) my budget;too much money;(any |)(discount|discounts|offers|deals|promo|coupon|coupons|voucher);cheaper;cheapest;quote",
    ),
    (
        I.ASK_AVAILABILITY,
        0.9,
        "available;availability;(any|is there|are there|got|have you got) (any |)(slot|slots|space|spaces|opening|openings|availability|times|appointments|time|free slots|one free|one available);free slot;free slots;(when|what time|what times|how soon) (can|could|are|is|would|do) (you|he|she|i|someone|anyone|they|it|the|we);(are|is|have) (you|he|she|anyone|anybody|someone|mia|chen) (free|available|got time);(do you have|have you got|you got|got) (any|anything|time|space|room|something|a slot)(thing| free| available|);what times;earliest (slot|time|appointment|you|available);fully booked;anything (free|available|on|for|at|this|tomorrow|today|tonight);(can|could) (you|someone|anyone|she|he) (come|do|make);fit me in;squeeze me in",
    ),
    (
        I.ASK_TECHNICIAN,
        0.92,
        "certified;qualified;certificate;certificates;certification;qualification;qualifications;experienced;(how much|years of|any) experience;(licence|license|licensed|licenced);trained;how (old|good|experienced|long) (is|are|has) (he|she|they|mia|chen|the);(is|are) (he|she|they) (any |)(good|nice|experienced|reliable|gentle|strong|professional|friendly|female|male|a woman|a man);(is|are) (the |your |)(technician|therapist|technicians|therapists|masseuse|staff) (female|male|good|certified|nice|reliable);tell me about (him|her|the technician|the therapist|mia|chen);(his|her|their) (reviews|rating|ratings)",
    ),
    (
        I.ASK_SERVICE,
        0.9,
        "how long (does|is|will|would|do);(what's|what is|what does|whats|what does it|does it|does that|is|are) (it |that |the oil |oil |everything |)(include|included|includes|including|involve);do (you|they|i|we) (bring|provide|supply|use|need)( to| your| a| my| any|);(does|will|is|do) (he|she|it|they|the therapist|the technician) (bring|provide|hurt|use|painful|need|take|come with);(does|will|is) it (hurt|painful|safe)( for|);(difference|differences) between;what's the difference;(should|do) i (need to |)(prepare|have ready|bring|get);pregnant;(what|how) (is|does) (a |an |the |gel |deep |)(hot stone|tissue|swedish|thai|facial|manicure|massage|pedicure)(| work);oils;towels;sheets;massage table;what happens",
    ),
    (
        I.WHERE_IS_TECHNICIAN,
        0.94,
        "(who is|who's) coming;(my |the |)start code;where('s| is|s|) (the |my |our |)(technician|therapist|masseuse|cleaner|guy|person|driver|lady|he|she|mia|chen);(on|on the|on her|on his|on their) way;how far (away|is|are|off)( is| are|)( he| she| they|);(when|what time) (will|is|does) (he|she|they|the technician|the therapist|my therapist|mia|chen|it) (be here|arrive|arriving|coming|get here|come|here|getting here);eta;(not|isn't|hasn't|haven't) (here|arrived|shown|turned|come)( yet| up|);nobody (has |)(come|came|here|arrived|turned up|showed up);running late;is (he|she|mia|chen|anyone) (coming|here|still coming);still waiting;has (he|she) left;(she|he|they)('s| is|'re| are) (late|running late|not here)",
    ),
    (
        I.ORDER_STATUS,
        0.96,
        "my (orders|order|bookings|booking|appointments|appointment|reservation|reservations)( status|);(order|booking|appointment) (status|details|history);status of;(check|see|show|view|find) (my |the |me my |on my |)(orders|order|bookings|booking|appointments|appointment);what (have|did) i (book|booked|order|ordered);upcoming (bookings|booking|appointments|visits);(has|did) (anyone|anybody|someone|she|he|the technician|the therapist) (accept|accepted|confirmed|confirm)( it| my|);is (it|my booking) confirmed;when is my (next |)(booking|appointment|massage|visit|session)",
    ),
    (
        I.REVIEW,
        0.93,
        "(leave|write|give|post|make|add) (a |an |my |some |you a |her a |him a |)(review|rating|feedback);(review|rate) (the|my|her|him|mia|chen|it|this|our);feedback",
    ),
    (
        I.COMPLAIN,
        0.94,
        "complain;complaint;complaints;terrible;awful;rubbish;useless;rude;disappointed;disappointing;unacceptable;scam;scammed;disgusting;appalling;(broke|damaged|ruined|scratched|broken) (my|the|our);late again;(never|didn't|did not) (showed|show|came|come|turn|turned|arrive|arrived)( up|);no show;no-show;worst;ridiculous;furious;(not|un)(happy|satisfied|good enough|acceptable);(very|so|really) (bad|angry|upset|unhappy|poor|late|slow);(bad|poor|terrible|horrible) (service|job|experience|massage);waste of (time|money);is this a joke;wtf;fuck;fucking;bullshit;crap;piss off;idiot;idiots;screw you;asshole;bastard;bastards;shut up;unprofessional;overcharged",
    ),
    (
        I.HELP,
        0.95,
        "help;what can (you|i|this) do( here|);how (does|do) (this|it|i|you) (work|book|use|order|start);how to (book|use|order);instructions;(i'm|i am) (lost|confused|stuck)",
    ),
    (
        I.REPEAT,
        0.96,
        "repeat( that| it| please| the question|);say (that|it) again;(come |)again please;pardon;(what|sorry what) (did you say|was that|do you mean);(didn't|did not|don't) (get|catch|understand|hear) (that|it|you|what);one more time;come again;resend;send (it|that) again",
    ),
    (I.BACK, 0.95, "go back;previous screen;previous (step|page|question);undo;step back;take me back"),
    (
        I.MORE,
        0.93,
        "(show|see|any|got|have) (me |)(more|others|other ones|other options|other times);more (options|choices|times|please|slots|results);next page;other (options|choices|times|slots|services|ones);(anything|something|anyone) else;others;what else;keep going",
    ),
    (
        I.LANGUAGE,
        0.95,
        "(in|speak|speaking|use|switch to|change to|do you speak|can you speak|reply in|talk in) (english|chinese|mandarin|traditional chinese|simplified chinese|traditional|simplified);(change|switch|choose|set) (the |my |)language;language;(english|chinese) (please|pls|version|speaker)",
    ),
    (
        I.APPLY_TECHNICIAN,
        0.96,
        "(become|apply to be|apply as|be|register as|sign up as|join as|work as|apply to become|want to be|i'm|i am) (a |an |your |)(technician|therapist|massage therapist|masseuse|cleaner|beautician|nail technician|handyman|partner)( with you|);(work|working) (for|with) you;(are you|you) (hiring|recruiting);(vacancy|vacancies|careers);(job openings|any jobs|job with you|a job);apply for (a |the |)(job|position|work);join (your|the) (team|platform|company);apply;apply to work",
    ),
    (
        I.MY_DAY,
        0.94,
        "my (day|schedule|jobs|agenda|visits|calendar|diary|work)( today| tomorrow|);(today|tomorrow|monday|tuesday|wednesday|thursday|friday|saturday|sunday)'s (jobs|schedule|visits|work);(todays|tomorrows) (jobs|schedule|visits|work);(next|my next) (job|visit|customer|client);jobs (on |)(today|tomorrow|monday|tuesday|wednesday|thursday|friday|saturday|sunday);what('s| is|) (on |)(my |)(schedule|on today|on tomorrow|next);how many (jobs|orders|visits|bookings|clients)",
    ),
    (
        I.MY_WEEK,
        0.97,
        "my week;my (jobs|visits|schedule|diary|calendar|work) (for |)(this|next|the) week;(this|next) week's (jobs|visits|schedule|work);(jobs|visits) (this|next) week;(the |my |)week ahead",
    ),
    (I.MY_ROTA, 0.97, "(my |the |)(rota|roster);my (shifts|shift|hours|working hours|working times|working week)"),
    (
        I.CHANGE_ROTA,
        0.98,
        "(change|edit|update|set|adjust|alter) (my |the |)(rota|roster|shifts|shift|hours|working hours|working times|working week);(new|different|other) working hours;(mondays|tuesdays|wednesdays|thursdays|fridays|saturdays|sundays|weekends) off;every (monday|tuesday|wednesday|thursday|friday|saturday|sunday|weekend) off",
    ),
    (
        I.OFFERS,
        0.97,
        "(any|are there any|got any) (jobs|work|new jobs|visits)( for me|);(my|open|pending|waiting|unanswered|the open) offers;(visits|jobs|offers) (waiting for me|to accept|to answer|waiting)",
    ),
    (
        I.ACCEPT,
        0.93,
        "i'll (take|accept) (it|this|that|that one|this one|the job|the visit);i accept;accept (it|this|that|the|the job|the visit|the offer)",
    ),
    (
        I.DEPART,
        0.94,
        "(i'm|i am) (on my way|setting off|heading over|leaving) (now|);i've (set off|left);just set off",
    ),
    (I.ARRIVE, 0.94, "(i'm|i am|i've|i have) (at the door|arrived|outside the door|at their door|at the customer's)"),
    (I.FINISH_WORK, 0.94, "(i've|i have|we've) finished (the |)(job|visit|service|massage|work|)"),
    (
        I.REFUSE,
        0.95,
        "turn (it|this|that|that one|this one) down;turn down (it|this|that|the);(can't|cannot|won't|not going to) (take|accept) (it|this|that|the) (job|visit|one|offer|);(refuse|decline|reject) (it|this|that|the)",
    ),
    (
        I.INCOME,
        0.95,
        "my (income|earnings|pay|wages|salary|takings|commission);earnings;income;how much (did|have|do|will) i (earn|make|made|earned|get)( today| this week| this month|);(i|i've) earned",
    ),
    (
        I.OFF_DUTY,
        0.94,
        "(go |going |i'm |i am |put me |)off duty;(clock|clocking|knock|knocking) off;(clock|clocking) out;(stop|pause) (sending|giving|taking|offering)( me|) (any more |new |any |)(jobs|work|visits|offers);no more (jobs|visits|work)( today| for today| tonight|);done for (today|the day|tonight)",
    ),
    (
        I.ON_DUTY,
        0.94,
        "(go |going |i'm |i am |put me |back |)on duty;(clock|clocking) (on|in);(start|resume) (sending|giving|taking|offering)( me|) (new |any |)(jobs|work|visits|offers);back at work;ready for (work|jobs|visits)",
    ),
    (
        I.LEAVE,
        0.94,
        "(take|taking|need|want|have|request|requesting|ask for|asking for|like|get) (some |a |my |annual |sick |)(leave|time off|day off|days off|days' leave);(on|annual|sick|go on|going on) leave;(today|tomorrow|monday|tuesday|wednesday|thursday|friday|saturday|sunday|this week|next week|the week|the day|a day|a week|days|weeks) off;leave (request|from|tomorrow|today|next week|on monday|on tuesday|on wednesday|on thursday|on friday|on saturday|on sunday);day off (today|tomorrow|on);days leave",
    ),
    (
        I.END_LEAVE,
        0.97,
        "(cancel|end|ending|stop|finish|cut short) (my |the |)(leave|holiday|time off|day off|days off);(back|return|returning) (early |)from (my |)(leave|holiday)( early|);back early",
    ),
    (
        I.WITHDRAW,
        0.96,
        "withdraw;withdrawal;withdrawals;cash out;cashout;payout;pay out;pay me;transfer (my |)(money|earnings|balance) (to|out);get my money",
    ),
    (
        I.PAY,
        0.93,
        "pay;paid;pay (now|it|for it|for);paying;payment;payment link;checkout;check out;settle (the |)(bill|up);(take|where|how|want|like|ready) (my|do i|to|can i) (payment|pay);pay link",
    ),
    (
        I.GREET,
        0.95,
        "hi;hello;hey;hiya;good (morning|afternoon|evening|day);anyone there;are you there;yo;howdy;hi there;hello there;hey there;morning all",
    ),
    (
        I.GOODBYE,
        0.95,
        "bye;goodbye;good bye;bye bye;see (you|ya)( later| then| soon|);good night;goodnight;cya;take care;that's all;that is all;cheerio",
    ),
    (
        I.THANK,
        0.95,
        "thanks;thank (you|u)( so much| very much|);thx;ty;cheers;much appreciated;appreciate it;ta;many thanks",
    ),
    (
        I.BOOK,
        0.9,
        "emergency (plumber|locksmith|electrician|repair|repairs|plumbing|call-out|callout|clean|cleaner|appointment|booking);book;booking;(make|want|need|like|schedule|arrange|get|after|looking for|place|set up|fancy|have|like to book|like to order|want to book|like to have|want to get) (a |an |some |my |another )(appointment|booking|massage|session|visit|cleaner|manicure|pedicure|facial|reservation|plumber|repair|clean|order|slot);schedule;reserve;(i'd|i would|id) (like|love)( to have| to get| to book| a| an| some|);(i |)(need|want) (a|an|some|someone|somebody|to get|to have);can i (get|have|book|order|arrange|make|schedule);could i (get|have|book|order|arrange|make|schedule);(looking|asking) for;order a",
    ),
    (
        I.ASK_POLICY,
        0.96,
        "(are you|is this|am i talking to|am i speaking to|am i chatting with) (a |an |)(robot|bot|human|real person|machine|ai|computer|person);(is this|are you) (a |)(scam|legit|for real);(i'm|i am|my wife is|while|when|if) pregnant;under (18|16);(my |a )(5|6|7|8|9|10|11|12|13|14|15|16|17) year old;happy (ending|endings)",
    ),
    (
        I.REMOVE_ADDRESS,
        0.97,
        "(delete|remove|forget) (an |my |this |that |the |)(saved |old |home |work |hotel |)address;(delete|remove) (my |the )(home|work|office|hotel)",
    ),
    (I.ADD_ADDRESS, 0.96, "(add|save|store) (a |an |my |another |new |a new |this |)address"),
    (I.MY_ADDRESSES, 0.95, "(my |saved |my saved )addresses;(manage|show|view|list) (my |)addresses;address book"),
    (
        I.PROFILE,
        0.95,
        "my (profile|details|account|info|settings);(account|personal) (settings|details);(show|see|view|edit|change|update) my (profile|details|account)",
    ),
    (
        I.MY_MESSAGES,
        0.95,
        "my (messages|notifications|inbox|notices);(message|notification) (centre|center|history);(show|see|view|list|read) (me |)(my |the |)(messages|notifications);what did you send me;what have you sent me",
    ),
    (
        I.STOP_NEWS,
        0.97,
        "unsubscribe;opt (me |)out;(no|without) (more |)offers (please|thanks|from you|at all|any more|anymore);(stop|end) (your|these|those) offers;(stop|no more|don't want|turn off|switch off|cancel) (sending |)(me |)(your |the |these |any |all |getting |)(ads|adverts|promotions|promos|marketing|newsletter|newsletters|spam);(stop|no more|don't want|turn off|switch off|cancel) (sending me|your|any more of your|getting your|telling me about) (offers|deals|discounts);no more deals",
    ),
    (
        I.WANT_NEWS,
        0.95,
        "(tell me|let me know|notify me|keep me posted|message me) (about|of|when there are|if there are|whenever there are|on) (any |your |new |the |)(offers|deals|promotions|discounts|sales);(subscribe|sign me up|opt me in|opt in|opt back in|opt me back in);(send|show) me (your |the |any |)(offers|deals|promotions)",
    ),
    (I.SET_NAME, 0.95, "(change|update|edit|correct) my name"),
    (I.SET_PHONE, 0.95, "(change|update|edit) my (phone|number|phone number|mobile|mobile number|telephone)"),
    (
        I.UNLINK_ACCOUNT,
        0.97,
        "(unlink|disconnect|unbind)( my| this| the| an|)( telegram| wechat| web| account| page|)( account|);remove (my |the |)(telegram|wechat) (account|link|from my account)",
    ),
    (
        I.LINK_ACCOUNT,
        0.96,
        "(link|connect|merge|join|bind|combine) (my |the |this |these |both |two |our |up |)(telegram|wechat|web|page|account|accounts|two accounts|chats)( account| accounts| page|);link;(i'm|i am|i've|i have|i) (also |now |switched to |moved to |moved over to |moving to |using )(on |)(telegram|wechat)( now| too|);(link|linking) code;(two|both) accounts (into one|together)",
    ),
    (
        I.WHERE_TOLD,
        0.96,
        "(text|message|notify|tell|remind|contact|ping|reach|write to) me (on|by|via|through|over) (telegram|wechat|the web|the page|the website);(send|put|get) (my |the |all |)(notifications|reminders|messages|updates|notices|alerts)( to me|) (on|to|by|via|through) (my |)(telegram|wechat|the web|the page);(where|which app) (do|will|are|should) (my |the |i |)(notifications|reminders|messages|get told);(change|choose|set) where (i'm|i am|i get) (told|notified|reminded|notifications|messages);notification settings;(notifications|reminders) on (telegram|wechat);(send|put|move|get) (my |the |all |)(notifications|reminders|messages|updates|notices|alerts) (somewhere else|elsewhere|to another app|to a different app|on another app);where (can|do|will|could|would|should) i hear from you",
    ),
    (
        I.INVITE,
        0.95,
        "invite (a |my |some |)(friend|friends|someone|somebody|colleague|colleagues|family);(refer|recommend you to|tell) (a |my |)(friend|friends);(my |an |the |)(invite|invitation|referral) (link|code);share (you |this |a link |the link |)(with|to) (a |my |)(friend|friends)",
    ),
    (
        I.MY_CARD,
        0.96,
        "my (business card|card link|booking link|own link|technician card|name card|qr code);(send|show|give|share) (me |)my card;link to (my card|book me)",
    ),
)
