# ruff: noqa: E501 - one notion to a line
"""Notions of our trade and the words people have for them, of both languages: a word no example has still says something.

The model sees which notions a message touches and which of them come together: take off + addresses, later + visit.
"""

from itertools import combinations

from nlu.text import Phrases, expand

_NOTIONS: dict[str, str] = {
    "person": "人工;真人;活人;大活人;客服;主管;经理;店长;老板;负责人;领导;接线员;专员;human;real person;someone real;somebody real;actual person;agent;boss;manager;supervisor;operator;representative;rep;human being;member of staff;customer service;customer support;活的人;同事;值班;前台;店家;真的人;人类;humans;people;assistant;team member;receptionist;owner;a body;staff member;living person",
    "call": "打(个|)电话;回(个|)电;回(个|)电话;来电;拨;热线;联系我;ring;call me;call you;phone me;phone you;hotline;give me a (call|ring|bell);打过来;打给;通话;电联;拨打;呼叫;phone call;rings;calling;buzz;telephone me;ring back",
    "phone": "电话;手机;手机号;号码;联系方式;微信号;phone;mobile;cell;phone number;number;tel;telephone;contact number;whatsapp;digits",
    "address": "地址;住址;住处;位置;门牌;单元;小区;address;addresses;postcode;location;locations;flat number;house number;zip code",
    "place": "地方;家里;公司;单位;酒店;宾馆;办公室;老家;新家;娘家;place;places;flat;home;office;hotel;house;my mum's;work address",
    "saved": "常用;存的;存了;存过;保存的;收藏;已存;记录的;记着;saved;stored;on file;on record;have for me;got for me;remembered;address book;存着;记住的;之前存;收藏的;留过;saved places;my list;stored places;kept;in my book",
    "save": "存;加(个|一个|上|到|进|);添(个|一个|加|上|);新增;新建;新存;新加;记(下|住|一下);保存;录入;登记;save;add;store;put;remember;register;keep on file;note down;create;存下;存一;存个;加进;添进;设为;记到;adds;adding;saving;log;include my;set as;bookmark",
    "remove": "删;删掉;删除;删了;去掉;移除;清(掉|空|除|了);抹(掉|去);移走;拿掉;delete;remove;drop;get rid of;take off;take (it|that|this) off;wipe;erase;clear;lose;deleted;removed;erased;wiped;gone;ditch;bin;purge;unsave;删一;删个;除掉;剔除;清一清;不用存;别存;erase it;removing;deleting;take away;strike;cut;clear out;get rid",
    "account": "账号;账户;帐号;帐户;会员;account;membership;login;user;登录;注册;会员号;id号;signed up;registered;sign in;log in;password",
    "own data": "资料;个人信息;信息;数据;隐私;记录;档案;个人中心;profile;details;data;info;information;records;personal;settings;聊天记录;底细;身份信息;my file;history;data you hold;card details",
    "name": "名字;姓名;称呼;姓;名儿;昵称;叫我;喊我;name;surname;nickname;call me;first name;last name;goes by",
    "change": "改;换;修改;更改;变更;更新;更换;改一下;换一下;换掉;change;changed;update;switch;swap;edit;modify;amend;replace;changing;alter;变;变动;改掉;改动;改过;改下;换换;调换;掉换;换走;swapped;changes;updating;editing;adjust;tweak;correct;revise;fix my",
    "other": "别的;其他;其它;另外;另一;另;不同;另换;another;different;other;else;others;alternative;alternatives;instead;new;别人;另一个;新的;其余;换人;someone different;somebody else;anyone else;alternate",
    "move": "推迟;延后;延期;往后;往前;挪;提前;改天;改期;改约;改时间;后挪;晚点;早点;晚一点;早一点;顺延;推到;挪到;调到;move;push;shift;postpone;reschedule;bring forward;delay;put back;push back;rearrange;earlier;later;forward;moved;rebook for;bump;缓一缓;缓一天;延一;延个;拖;后延;押后;押迟;推后;往后拖;往前赶;早些;晚些;迟些;晚半;早半;晚到;提早;earliest;sooner;put off;postponed;rescheduling;moving;push it;slide;tomorrow instead;another day;different day;diff day;different time;another time;run late;running late",
    "cancel": "取消;退订;退单;撤;撤了;撤销;不约了;不做了;不要了;作废;别来了;不来了;不用来;不订了;去不了;来不了;没空了;用不着;cancel;call off;call it off;scrap;bin;cancelled;canceled;don't come;no longer need;don't need;won't need;not needed;can't make it;drop it;forget it;never mind;不去了;别过来;别上门;取掉;退了这;销掉;干掉;停掉;终止;撤回;免约;不玩了;cancelling;canceling;withdraw my booking;pull out;back out;not coming;not happening;abandon;stop the;rather not go;call it all off;get rid of my booking",
    "keep": "照旧;照常;保留;留着;留下;不变;原样;别动;原来的;按原来;还是原来;不动;不改;不取消;不退;keep;leave it;leave my;stay;as is;as it was;as it is;as they are;alone;stick with;unchanged;stays;leave things;还要;别取消;别退;不撤;照做;照来;照原;维持;保持;不挪;still want;still on;still coming;leave that;don't change;not change;changed my mind;stick to",
    "not": "不;别;没;甭;莫;无;未;not;don't;dont;no;never;can't;cant;won't;didn't;doesn't;isn't;wasn't;haven't;hasn't;without;none;nothing;nobody",
    "booking": "订单;预约;单子;预定;预订;约的;订的;那单;这单;那个单;booking;bookings;appointment;appointments;order;orders;reservation;visit;session;booked;ordered;appt;约好;定的;下的单;那次;这次;预约单;appointement;apt;visits;my massage;my clean;my cleaner;my facial;my nails",
    "job": "活;活儿;活计;派单;工单;抢单;派活;接单;接活;新单;单可接;有单;几单;下单;job;jobs;gig;gigs;work;task;offer;offers;接到;派的;抢到;活吗;有活;订单池;requests;assignment;shift;visit;call-out",
    "client": "客户;客人;顾客;雇主;业主;client;clients;customer;customers;主家;对方;房主;女主人;guest;the lady;homeowner;punter",
    "worker": "师傅;师付;技师;阿姨;老师;按摩师;美容师;美甲师;保洁员;钟点工;保姆;工人;小哥;大姐;technician;technicians;therapist;therapists;cleaner;cleaners;masseuse;masseur;beautician;plumber;electrician;handyman;locksmith;girl;staff;team;people;nail tech;tech;师父;月嫂;修理工;水电工;电工;锁匠;搬家工;化妆师;stylist;masseuses;girls;guys;providers;professionals;specialist;pro",
    "they": "他;她;人家;对方;那人;he;she;him;her;they;them;his;your guy;guy;lady;bloke;她们;他们;you guys;the guy;the girl;the woman;the man;she's;he's;they're",
    "someone": "有人;谁;哪位;人手;来人;派人;来个人;找人;someone;somebody;anyone;anybody;who;whoever;哪个人;派谁;有谁;谁来;who's;whos;which person",
    "where": "哪里;哪儿;在哪;到哪;走到哪;什么地方;哪个位置;where;whereabouts;how far;location;any sign;eta;走哪;在哪里;到哪里;哪块;定位;距离;多远;几公里;nearby;how close;close by;track;tracking",
    "when": "什么时候;几点;啥时候;多会儿;何时;几时;哪天;when;what time;how soon;what day;which day;多早;啥时;哪一天;什么日子;周几;礼拜几;what date;when's;whens;when is;at what",
    "how long": "多久;多长时间;几分钟;几个小时;还要等;还得等;how long;how many minutes;how much longer;duration;minutes away;要等;等多久;多少分钟;多少小时;几小时;how much time;time does;take long;how many hours;lasts;last",
    "how many": "几单;几个;多少单;几家;几位;how many;number of",
    "how much": "多少钱;多少;几块;几钱;几多;什么价;啥价;how much;set me back;what do i owe;price;prices;pricing;cost;costs;charge;charges;fee;fees;rate;rates;价格;价钱;价位;收费;费用;报价;价目;价;收多少;贵;便宜;银子;expensive;cheap;cheaper;pricey;quote;怎么算;怎么收;啥行情;多钱;几文;多少元;几元;几张;几百;几十;价码;开价;要价;贵吗;贵不贵;划算;how mch;hw much;what's the damage;costing;total;what will it;affordable;tariff;charging;charged",
    "money": "钱;款;块;元;余额;现金;money;cash;£;pounds;quid;dollars;balance;yuan",
    "discount": "优惠;打折;折扣;立减;券;满减;减免;团购;会员价;新人价;特价;新客;discount;discounts;promo;deal;deals;coupon;voucher;money off;first time;loyalty;special offer;student;便宜点;少点;抹零;砍价;打个折;返现;红包;拼团;促销;减价;bargain;reduced;reduction;sale;price match;referral;gift card",
    "refund": "退款;退钱;退费;退我;退还;退回来;退给我;返还;还我;退一下;refund;refunded;refunds;money back;reimburse;reimbursed;reimbursement;paid back;return my;give it back;pay me back;compensation;compensate;赔;赔偿;退掉钱;退一半;退差;退全款;原路;钱退;款退;退多少;把钱;钱还;compensated;give me back;give back;get back my;return the money;refunding;refundable;recoup",
    "overcharged": "多收;多扣;重复扣;扣了两次;乱收费;多付;扣错;charged twice;twice;overcharged;double charged;charged me;took payment;extra charge;too much",
    "pay": "付;支付;付款;付钱;转账;转过去;转给;扫码;买单;结账;收款码;付过;付了;刷卡;微信;支付宝;pay;paid;payment;settle;transfer;transferred;card;checkout;apple pay;paypal;sent the money;invoice me;link;交钱;给钱;缴;付一下;付费;转了;打钱;打款;汇;收款;付清;结清;支付完;paying;pays;paid up;payments;cash;bill;transfer it;sent;money sent;zelle;bank transfer;settled",
    "free time": "有空;空档;档期;排满;约满;空位;约得到;约得上;排得上;排得到;排上;空着;有位;有时间;满了;available;availability;free;slot;slots;space;gap;fit me in;squeeze;opening;openings;fully booked;busy;about on;any time;soonest;earliest;最早;最快;得空;有闲;闲;有没有人;排期;约得;能约;有号;空闲;有时段;time slot;times;spare;open slots;free on;free at;free for;vacant;any chance;book up;booked up;working on;this evening;anyone around",
    "come": "上门;过来;来一趟;来家;来修;来人;来个;派;赶来;来给;come;come over;come round;pop round;pop over;send;swing by;send out;round to;get someone;get somebody;over to mine;过去;上我家;来我;来家里;赶紧来;快来;派一;派个;来帮;coming;comes;sent;sending;came;arrange for;get over;be here;call out;drop by;come out;at mine;at my place;my place;to my",
    "want": "想;要;想要;需要;请;约;约个;找;叫;帮我;给我;搞个;整个;来个;弄个;安排;want;need;like;fancy;looking for;after;get;book;wanna;could i;can i;may i;arrange;schedule;i'd;would love;gimme;sort;想约;想做;想请;求;整;搞;来一;叫一;做个;做一;弄一;约一;预定;麻烦;i want;i need;could you;can you;can we;could we;would like;put me;sort me;set up;pencil;reserve;hire;keen;hoping;in need of",
    "show": "看看;看下;看一下;瞅;瞧;查;查看;查一下;显示;列;列出;发我;给我看;show;see;list;view;check;look at;display;pull up;what's on;open;给我;翻;打开;调出;看一眼;瞅瞅;瞧瞧;告诉我;tell me;let me see;give me;bring up;go through;browse;look;peek",
    "menu": "服务;项目;套餐;菜单;清单;列表;业务;种类;services;service;treatments;treatment;menu;options;stuff;packages;range;catalogue;offer;业务范围;项目表;价目表;服务项目;种;花样;brochure;offerings;list of;kinds;types;services list;everything you",
    "what": "什么;啥;哪些;哪几;有什么;咩;what;which;what's;whats;what sort;what kind",
    "best": "推荐;推薦;最好;哪个好;适合;合适;帮我挑;帮挑;拿主意;建议;安利;选哪;好一点;recommend;recommendation;suggest;suggestion;best;should i;choose for me;pick for me;pick one;advise;top rated;popular;you choose;you pick;right for me;help me (choose|decide|pick);recs;推一;帮选;帮我选;哪款;哪种好;招牌;口碑;首选;划算;必点;做什么好;做啥好;recommended;suitable;favourite;popular choice;good for;ideal;most popular;pick something;choose something;signature;help me pick;suits",
    "undecided": "不知道;不懂;拿不定;纠结;选择困难;不清楚;don't know;not sure;can't decide;no idea;undecided;dunno;unsure;没想好;犹豫;没主意;随便看看;either or;torn;clueless;haven't decided;no clue;idk",
    "skill": "技术;手艺;手法;水平;经验;资质;证;证书;健康证;力度;手劲;口碑;评价;靠谱;专业;几年;experience;experienced;qualified;qualifications;skilled;trained;certified;insured;any good;reviews;rating;rated;strong hands;dbs;professional;years;trustworthy;reliable;熟练;老师傅;新手吗;干几年;做几年;多少年;几年了;技能;执照;上岗证;培训;背景;人品;手重;手轻;擅长;拿手;licence;license;training;background;vetted;checked;gentle;strong;specialise;specialize;expertise;how good;what's he like;what's she like;credentials;seasoned",
    "sex": "男的;女的;男;女;小姐姐;小哥哥;男生;女生;male;female;man;woman;lady;ladies;women;men;bloke;guy;女性;男性;女技师;男技师;美女;帅哥;大叔;girl;guys;gal;chap;she or he;gender",
    "ache": "疼;酸;痛;累;难受;肿;僵;不舒服;落枕;失眠;ache;aches;aching;sore;pain;stiff;tired;swollen;knackered;stressed;tense;knots;hurts;backache;insomnia;累死;乏;麻;抽筋;头疼;腰疼;背疼;肩膀疼;颈椎;腰椎;发僵;睡不着;浮肿;疲劳;painful;hurting;sprained;fatigue;exhausted;headache;migraine;sciatica;cramps;tight;killing me",
    "pregnant": "孕妇;怀孕;孕期;宝宝;小孩;老人;过敏;高血压;孩子;pregnant;pregnancy;baby;allergic;allergy;kids;child;children;elderly;sensitive skin",
    "tools": "工具;毛巾;床单;按摩床;精油;材料;清洁剂;梯子;吸尘器;自带;准备;towels;oil;oils;tools;products;equipment;supplies;table;hoover;vacuum;materials;ladder;bring;supply;provide;prepare;kit;拖把;抹布;设备;机器;药水;耗材;洗洁精;产品;用品;牌子;towel;sheets;mop;bucket;machine;brand;brands;chemicals;bed;mat",
    "include": "包括;包含;包不包;含;擦不擦;流程;步骤;区别;差别;效果;部位;include;included;includes;including;cover;covers;involve;involves;difference;part of;steps;what happens;do they do;内容;几步;都做;都按;擦吗;洗吗;哪里都;做什么的;how do you do;what do i get;what's in;whats in;inside;entail;process;procedure;prep;beforehand;afterwards;after care;before i",
    "good": "棒;满意;赞;不错;厉害;很好;太好;喜欢;专业;细心;舒服;great;brilliant;amazing;lovely;excellent;good;perfect;fantastic;happy;wonderful;loved;best ever;superb;awesome;top notch;ace;好评;满分;超赞;贴心;仔细;干净;周到;顶呱呱;绝了;牛;到位;真好;点赞;表扬;夸;impressed;pleased;delighted;thorough;spotless;friendly;talented;magic;heavenly;flawless;well done;recommend her;recommend him",
    "stars": "星;五星;打分;评价;好评;差评;评分;点评;评论;stars;star;review;rate;rating;feedback;out of 5;out of ten;/5;score;tip",
    "bad": "差;烂;糟;坑;垃圾;敷衍;恶心;离谱;过分;失望;投诉;骗;态度;生气;气死;不满;难吃;歪;不行;bad;terrible;awful;rubbish;rude;poor;shoddy;disappointed;disappointing;disgusting;worst;unhappy;useless;joke;shocking;ridiculous;not impressed;unprofessional;appalling;horrible;complain;complaint;scam;mess;dirty;fuming;shambles;sloppy;不专业;不像话;糊弄;应付;瞎搞;乱来;黑店;坑人;忽悠;臭;脏;乱;难看;差评;举报;耍我;什么玩意;差劲;无语;too bad;upset;angry;annoyed;furious;disgrace;disgraceful;ripped off;cheated;lied;lazy;careless;rushed;filthy;smelly;stank;drunk;late again;pathetic;bullshit;crap;shit;wtf;damn;idiot;idiots;stupid",
    "damage": "弄坏;磕;划;摔;弄脏;打碎;打破;刮;起泡;掉了;断了;烫;红肿;磕掉;损坏;broke;broken;damaged;damage;scratched;chipped;ruined;smashed;stained;cracked;burnt;burned;fell off;falling out;falling off;peeled;peeling;lifted;bruised;rash;碎;裂;漏了;弄湿;淹;刮花;掉漆;磕碰;烧;弄丢;丢了;不见了;偷;dented;leaking worse;lost;missing;stolen;stole;tore;torn;flooded;spilled;infected;swelling;allergic reaction;came off;fell out",
    "late": "迟到;晚了;没来;还没;没影;超时;过点;不来;放鸽子;爽约;等了;等半天;late;not here;no sign;waiting;still;no show;never came;supposed to;was meant to;nobody;hasn't come;hour ago;not turned up;didn't show;didn't turn up;where the hell;迟;等很久;等好久;等死;半天;没等到;没人来;没到;还没到;不见人;见不到;人影;失约;overdue;delayed;not arrived;hasn't arrived;not shown;ages;forgotten;no one came;nobody came;half an hour",
    "arrive": "到了;楼下;门口;到达;到位;到地方;arrived;outside;got here;at the door;i'm here;downstairs;at the client's;at the address;reached;parked;just arrived;到啦;到咯;到了门;在门外;在楼底;已到;got to;reached them;on site;made it;pulled up;at the house;at the flat;in the lobby;ringing the bell;knocking",
    "depart": "出发;路上;出门;动身;上路;骑车;骑上;开车;往客户;赶过去;赶往;heading;set off;left;on my way;omw;leaving;en route;driving;on the bus;on the tube;on the train;off to;in the car;going there;on the way;setting out;出来了;走了;去了;赶路;坐上车;打上车;地铁;路途;going now;just leaving;started driving;hit the road;cycling;walking over;in the van;in a cab;jumping on;making my way",
    "begin": "开始;开工;开做;开干;计时;动手;start;starting;started;begin;beginning;getting started;kick off;clock;commence;code;开工码;开弄;起钟;上钟;动工;开搞;开整;begun;get going;set up;underway;kicking off;cracking on",
    "finish": "完了;做完;干完;结束;搞定;完工;收拾好;弄完;收尾;完成;忙完;收工;done;finish;finished;complete;completed;wrapped up;all sorted;that's me;job done;ended;wrapping up;下钟;完事;弄好;修好;洗好;做好;按好;搞好;打扫完;收尾了;finishing;over;through;packed up;sorted;signed off",
    "day off": "休息;请假;放假;休假;调休;年假;病假;歇;销假;假;不上班;leave;holiday;holidays;time off;day off;days off;vacation;annual leave;sick;off sick;week off;off work;break;不在;回老家;歇几天;歇一天;休几天;休一天;病了;生病;有事来不了;off on;off from;days' leave;unwell;ill;away;not working;can't work;take a day;pto;bank holiday",
    "back to work": "回来;提前回;复工;上线;可以派;能接;开始接;回岗;back at work;back online;back early;come back;ready for;online;available for;good to go;clock in;clocking in;on duty;can work;提早回;回归;归队;恢复;重新上;开工了;available again;start work;on shift;shift started;resume;unpause;i'm up;accepting;i can work",
    "stop work": "下线;下班;不接了;不接单;到此为止;到这;收工;先不接;歇了;打烊;calling it a day;signing off;done for;no more;clock off;clocking off;clock out;off duty;log off;logging off;offline;going offline;heading home;knocking off;收摊;不干了;关单;停单;别派;休息了;先到这;pause;stop sending;no jobs;finished for;clock me out;switch off;turn off;end my shift;packing it in;stop giving",
    "rota": "排班;班表;班次;早班;晚班;夜班;上班时间;工作时间;我的班;哪天上班;什么班;啥班;排的;shift;shifts;rota;roster;schedule;working hours;my hours;working days;timetable;working on;i work;i working;班次表;上什么班;轮班;几点上班;几点下班;可约时间;工作日;shift pattern;availability hours;working times;weekly hours;calendar;diary",
    "every": "以后;每周;每天;每个;固定;往后都;长期;every;always;from now on;going forward;any more;anymore;each;permanently;in future;regular;往后;一直;都不;每逢;今后;固定在;weekly;mondays;tuesdays;wednesdays;thursdays;fridays;saturdays;sundays;weekdays;evenings only;each week",
    "earn": "收入;挣;赚;工资;到手;提成;流水;业绩;奖金;进账;earn;earned;earnings;made;income;bring in;brought in;wages;takings;commission;tips;paid this;make this;钱包;进项;所得;报酬;薪水;分成;多少入账;earning;profit;salary;payslip;make in;money made;take home;revenue;owed",
    "withdraw": "提现;提出来;提到;提款;取出来;取钱;取现;转到卡;打到卡;银行卡;到卡;withdraw;withdrawal;cash out;payout;bank;bank account;pay out;take out;transfer my;my balance;取款;提一下;转出;打给我;划到;结算;领钱;withdrawing;cash-out;send me my;to my bank;my bank;wire;payout now;move my",
    "today": "今天;今日;今晚;今儿;明天;明日;明儿;后天;昨天;昨日;today;tonight;tomorrow;yesterday;tmrw;day;今早;今夜;明早;明晚;后日;聽日;听日;晚上;下午;上午;早上;monday;tuesday;wednesday;thursday;friday;saturday;sunday;this morning;this afternoon;this evening;later today;tmr;tom",
    "week": "这周;本周;下周;这礼拜;这星期;下礼拜;一周;周末;星期;week;weekly;weekend;this week;next week;fortnight",
    "month": "这个月;本月;上个月;上月;月;年;month;monthly;year;months",
    "same": "一样;上次;上回;之前;老样子;照旧;照着;原来那个;老规矩;一模一样;上个月;同样;same;last time;usual;before;exact same;last visit;previous;as last;regular;like last;my last;同款;同样的;上一次;上一回;上趟;原班;之前那;前一次;老师傅;as usual;as before;exactly the same;identical;like before;previously;another one of;repeat last",
    "again": "再;又;还要;重新;再来;重来;again;once more;repeat;redo;another round;one more;rebook;re-book;round two;再约;再做;再弄;再次;又要;anew;second time;re-do;encore;re book",
    "say": "说;讲;说的;说啥;听清;看懂;明白;意思;听懂;没听;没看;没懂;say;said;catch;hear;mean;explain;rephrase;understand;come again;pardon;you what;wording;follow;get that;听清楚;没听清;看清;没看清;看不懂;听不懂;啥意思;说清楚;解释;讲什么;what did you;repeat that;one more time;i don't get;don't get it;get it;clearer;clarify;wdym;meaning",
    "go back": "返回;上一步;前一步;退回去;回到;上一层;上一页;前一个;倒回;go back;previous;step back;last step;back a;return to;undo;prior;back up;后退;回上;回前;退回;回头;上一个;前面;撤回;reverse;rewind;go to previous;the one before;prior step;return",
    "next": "更多;换一批;下一页;换几个;还有别的;再来几个;下一批;翻;more;next;rest;show more;none of;any others;anything else;next page;more options;还有吗;还有么;有没有别;另外的;再看看;往下;后面;剩下;其余;其它的;additional;further;others;another batch;keep going;something else;other options;what else",
    "robot": "机器人;ai;人工智能;程序;自动回复;robot;bot;machine;computer;automated;chatbot;真人吗;是人吗;是不是人;智能;自动的;bots;algorithm;chatgpt;are you real;real or;human or",
    "touch": "摸;动手;动脚;骚扰;猥亵;非礼;搂;抱我;摸我;脱衣服;touched;touching;groped;harass;harassed;harassing;assault;inappropriate;inappropriately;grabbed;molested;creepy;sexual",
    "danger": "危险;救命;报警;不让走;堵我;堵屋里;不让出;跟踪;威胁;打人;害怕;刀;抢;被打;help me;danger;police;999;911;110;threatening;threatened;scared;unsafe;locked me;won't let;knife;attacked;following me;afraid;frightened;won't leave;绑;关起来;锁门;不走;赖着;闯;打我;要挟;恐吓;报案;偷拍;家暴;尾随;kidnapped;trapped;break in;intruder;stalking;he hit;she hit;hitting;violence;rob;weapon;gun;terrified",
    "hurt": "流血;晕;昏;受伤;倒地;抽搐;骨折;救护车;120;过敏;呼吸;中毒;unconscious;bleeding;collapsed;ambulance;fainted;injured;hurt;not breathing;seizure;passed out;breathe;choking;stroke;chest pain;呼吸困难;心脏;胸口;喘不上;休克;烫伤;割;血;疼得;摔倒;heart attack;blood;faint;burned;broken arm;can't breathe;overdose;swallowed;poison;head injury",
    "gas": "煤气;燃气;着火;起火;冒烟;漏电;触电;gas;smoke;fire;on fire;burning;carbon monoxide;electrocuted;sparks;冒火;烧起来;烧着;爆炸;天然气;漏气;煤烟;短路;explosion;flames;leak of gas;smells of gas;alarm going",
    "die": "死;自杀;不想活;轻生;活不下去;了结;die;kill myself;suicide;suicidal;alive;end it;self harm;hurt myself;living;want to live;寻死;跳楼;割腕;活够;没意思;结束生命;自残;end my life;not worth living;no reason to live;go on living;want to die;better off dead",
    "language": "英文;英语;中文;汉语;粤语;广东话;普通话;国语;日语;法语;繁体;简体;english;chinese;cantonese;mandarin;french;spanish;traditional;simplified;language",
    "hire": "招;招人;招聘;应聘;加入;入职;入驻;成为;想干;来干;报名;找工作;兼职;还缺;缺人;上班吗;hiring;vacancies;vacancy;apply;join;sign up;recruit;recruiting;looking for work;work for you;work with you;become;openings;career;job with you;employ;freelance;part time;招工;招不招;招吗;要人吗;收人;合作;加盟;申请;应征;简历;上岗;来上班;做兼职;接单赚钱;hire;employ me;cv;resume;onboarding;be a;on your books;work here;working for you;jobs available;opportunity;position;trainee",
    "my trade": "我会;我是做;我做;从业;干过;我有证;我是个;i'm a;i am a;i do;i've worked;qualified;my trade",
    "how to": "怎么;如何;咋;怎样;点样;步骤;how;how do;how does;how to;steps;怎么弄;怎么用;怎么搞;怎么操作;在哪点;how can;how would;how should;what's the process;way to",
    "can you do": "你能;你会;会什么;会干;能干;能帮;功能;干嘛的;有什么用;what can you;what do you do;able to;what are you;what is this;how does this;capable;会啥;会点什么;能干嘛;能干啥;干什么用;有啥用;什么功能;what else can;things can you;features;commands;purpose;abilities",
    "new here": "新手;第一次;教教;教我;不会用;不会弄;小白;first time;new here;instructions;guide;lost;confused;stuck;tutorial;walk me through;help",
    "area": "范围;区域;那边;郊区;管不管;上门范围;城;远郊;area;areas;cover;outside;zone;travel to;as far as;serve;come out to;suburb;london;送到;远不远;去吗;来吗;能来;上门吗;通州;海淀;郊外;县;镇;外地;outskirts;postcode area;distance;local;nearest;far out;beyond;borough",
    "rules": "规定;规则;政策;违约;违约金;扣钱;扣费;手续费;保险;正规;安全;合法;靠谱吗;policy;terms;rules;penalty;cancellation;insurance;legit;safe;licensed;notice;on the day;guarantee;privacy;deposit;要求;限制;年龄;条件;责任;赔付;赔偿;保障;质保;售后;爽约;退改;提前多久;几小时前;理赔;资质;备案;safe to;scam;trust;dodgy;liable;liability;minimum;maximum;age limit;complaints procedure;allowed;late fee;free of charge;charge if",
    "paper": "发票;收据;抬头;报销;invoice;receipt;vat;tax",
    "hours": "营业;开门;关门;几点下班;最晚几点;二十四小时;24小时;节假日;过年;open;close;opening;hours;how late;bank holiday;christmas;24/7;weekends;上班时间;几点开;几点关;几点到几点;周末开;春节;国庆;通宵;夜里;凌晨;night;nights;late night;midnight;opening times;sundays open;24 hour;time do you;early",
    "methods": "信用卡;花呗;支付方式;付款方式;现金;credit card;debit;cash;payment methods;take card;accept;amex;contactless;cards;支付宝付;微信付;刷卡;公账;对公;信用;visa;mastercard;bacs;installments;klarna;pay later;pay by;pay with;pay in",
    "blocked": "堵;堵了;漏水;坏了;修;通;不通;打不开;跳闸;没电;漏;不亮;不制冷;blocked;leak;leaking;clogged;broken;fix;repair;burst;dripping;won't open;locked out;unblock;stinks;jammed;overflowing;boiler;tripped;flooded;堵住;堵死;返水;渗水;滴水;断电;跳;失灵;没反应;不转;不热;打不着;生锈;老化;疏通;维修;更换;安装;装;补;换掉;won't drain;not working;doesn't work;stopped working;install;fit a;assemble;unclog;mend;fixing;repairs;blockage;smells;dead;replace;change the lock;locks",
    "clean": "洗;打扫;保洁;擦;收拾;大扫除;卫生;拖地;除螨;clean;cleaning;cleaned;wash;hoovering;tidy;scrub;ironing;windows;清洁;清理;擦玻璃;除尘;消毒;扫;洗洗;清洗;打扫打扫;大扫;收拾屋子;cleaner;mop;dust;polish;vacuumed;laundry;wipe down;spring clean;end of tenancy;sanitise",
    "house thing": "空调;马桶;水龙头;下水道;洗衣机;地毯;沙发;油烟机;冰箱;窗户;灯;锁;水管;床垫;厨房;厕所;tap;toilet;loo;sink;drain;carpet;sofa;oven;fridge;washing machine;light;lock;pipe;door;boiler;kitchen;bathroom;socket;mattress;shower;地板;厨房间;卫生间;浴室;热水器;燃气灶;电路;插座;门;窗;房间;屋子;客厅;油烟;aircon;air con;a/c;radiator;gutter;garden;floor;windows;worktop;dishwasher;hob;cooker;tv;shelf;shelves;furniture;flatpack;wardrobe;curtains;roof;pipes;plumbing;electrics;cistern;basin;bath;drains",
    "beauty": "指甲;睫毛;脸;美容;头发;眉毛;化妆;皮肤;美甲;nails;nail;lashes;lash;facial;brows;brow;hair;makeup;skin;waxing;manicure;pedicure;gel;甲油;做甲;修甲;修脚;接睫毛;种睫毛;补水;痘;发型;盘头;新娘;脱毛;纹眉;polish;acrylics;shellac;toes;tint;threading;blow dry;haircut;bridal;facial treatment;botox;tan;lamination;extensions",
    "massage": "按摩;按一下;按按;捏;推拿;足疗;按脚;捏脚;spa;肩颈;拔罐;刮痧;massage;rub;back rub;deep tissue;shoulders;neck;back;feet;swedish;reflexology;推一推;松一松;放松;泡脚;头疗;理疗;拉伸;按肩;按腰;按背;马杀鸡;按全身;massages;masage;thai;sports;hot stone;aromatherapy;head massage;foot;shoulder;relax;unwind;knead",
    "later": "再说;回头;以后再;等会;稍等;再想想;考虑;later;think about;in a bit;hold on;wait;not now;get back to you;过会;过阵;下回再;晚点再;有需要再;maybe;another day maybe;think it over;let me check;not yet;i'll see;some other time",
    "hello": "你好;您好;在吗;在么;有人;哈喽;嗨;早上好;晚上好;早;hello;hi;hey;morning;afternoon;evening;hiya;anyone there;heya;hola;yo;有没有人;在线吗;哈罗;您吉祥;早安;午安;新年好;ello;greetings;g'day;evening all;good day;anybody there;you there;knock knock;howdy",
    "bye": "再见;拜拜;拜;晚安;好梦;回头见;下次聊;不聊了;bye;goodbye;see you;night;cya;ttyl;take care;talk later;i'm off;cheerio;ciao;撤了;走了;先走;下了;睡了;挂了;告辞;再会;see ya;see u;later;laters;gotta go;gtg;bed;nite;have a good;signing out;off to bed;nothing else",
    "thanks": "谢;谢谢;感谢;多谢;辛苦;感激;麻烦;thanks;thank;thx;cheers;ta;appreciate;appreciated;grateful;kind of you;ty;legend;谢了;谢啦;蟹蟹;感恩;费心;有劳;thankyou;tysm;thnx;nice one;lifesaver;star;merci;much obliged",
    "yes": "好;行;可以;对;是的;嗯;没问题;没错;中;妥;成;ok;okay;yes;yeah;yep;yup;sure;fine;right;correct;spot on;go on;sounds good;works for me;that's it;deal;agreed;confirm;好嘞;好滴;好呀;行吧;行啊;欧克;可;要得;没毛病;就它;就这样;正确;同意;确认;好了;准;yea;ye;yah;aye;okey;okie;alright;perfect;great;lovely;absolutely;definitely;proceed;crack on;go for it;go ahead;do it;confirmed;true;exactly;indeed;please do",
    "wrong": "错;错了;不对;写错;打错;选错;说错;搞错;点错;弄错;应该是;不是;wrong;mistake;oops;meant;incorrect;typo;i said;should be;mixed up;misread;not right;actually;sorry;whoops;笔误;手误;打漏;漏了;写漏;填错;输错;记错;听错;看错;弄反;说反;不对不对;重新说;更正;纠正;mis;mistyped;misspelt;misspelled;wrongly;slip;correction;no wait;hang on;i meant;not that;rather than;instead of;scratch that;my bad",
    "pick": "选;第一;第二;第三;这个;那个;中间;最后;上面;下面;就它;头一个;first;second;third;last one;middle;top one;bottom;that one;this one;option;number;the one;latter;former;选择;选的;右边;左边;前者;后者;最上;最下;最末;第四;第五;贵的;便宜的;远的;近的;长的;短的;早的;晚的;gimme;i'll go;go with;i'll have;i'll take;let's go with;cheapest;earliest;latest;nearest;closest;longest;shortest;highest rated;one please;1st;2nd;3rd;top;left;right hand;a or b",
    "any": "随便;都行;都可以;无所谓;谁都;任意;哪个都;any;whoever;anyone;whichever;don't mind;not fussed;either;easy;up to you;whatever;你定;你看着;你安排;看着办;都成;都好;均可;哪位都;哪位都行;谁来都;随意;随缘;no preference;doesn't matter;not bothered;don't care;you decide;you choose;your call;all good;first available;anything",
    "world": "天气;下雨;股票;笑话;诗;作文;政治;电影;唱歌;歌;球;比赛;新闻;彩票;总统;历史;数学;首都;外卖;打车;机票;火车;游戏;女朋友;男朋友;星座;算命;菜谱;翻译;编程;代码;weather;rain;joke;poem;match;football;capital;president;movie;song;recipe;maths;news;lottery;stock;bitcoin;pizza;taxi;flight;train times;essay;homework;girlfriend;boyfriend;horoscope;python;translate;game;war;election;netflix;restaurant;meaning of life;几点了;几号;汇率;股;币;油价;房价;明星;足球;篮球;歌曲;菜;吃什么;旅游;酒店订;签证;护照;高考;论文;电脑;手机坏;快递;淘宝;京东;美团;王者;原神;爱情;恋爱;结婚;离婚;宇宙;外星;鬼;神;梦;医院;看病;感冒;药;火锅;咖啡;奶茶;猫;狗;what time is it;what day;exchange rate;petrol;gold;crypto;shares;tesla;amazon;ebay;deliveroo;uber;hotel room;visa;passport;laptop;iphone;youtube;music;sing;story;riddle;quiz;god;alien;aliens;space;moon;planet;population;language do;cook rice;diet;doctor;medicine;flu;symptoms;lawyer;tax;mortgage;insurance quote;school;exam;dating;marry;cat;dog;parking ticket;traffic;politics;prime minister;king;queen;covid;spam;seo;followers;loan",
    "laugh": "哈哈;呵呵;嘻嘻;笑死;lol;haha;hehe;lmao;rofl;hahaha;嘿嘿;嘎嘎;233;笑哭;hh;hhh;ha ha;heh;jk;😂;🤣",
    "accept": "我接;接了;我去;我来;抢;归我;给我吧;take it;take that;accept;put me down;i'll do;count me in;mine;i'm in;happy to do;拿下;接单;接下;要了;抢单;我做;我能去;归我了;i accept;accepted;taking it;i'll cover;give it to me;i can do;claim;grab",
    "refuse": "不接;接不了;做不了;拒;去不了;太远;给别人;推掉;pass;too far;decline;reject;turn down;can't take;someone else can;skip;give it to;不去;没法接;没空接;让别人;转给;推了;做不来;太晚;rejecting;declining;not taking;too late for me;give to;no to that;not doing;skip it;too busy;double booked;can't do this;can't do that;can't make that",
}


def _compiled() -> Phrases[str]:
    pairs = (
        (phrase, notion) for notion, words in _NOTIONS.items() for word in words.split(";") for phrase in expand(word)
    )
    by_phrase: dict[str, set[str]] = {}
    for phrase, notion in pairs:
        by_phrase.setdefault(phrase, set()).add(notion)
    return Phrases((phrase, "\n".join(sorted(notions))) for phrase, notions in by_phrase.items())


_WORDS = _compiled()
_MOST = 9
"""Notions of a message whose pairs are looked at."""


def notions(text: str, signs: set[str]) -> list[str]:
    """Name the notions of a folded text and the pairs of them; the signs noticed otherwise pair with them."""
    touched = {notion for _, _, told in _WORDS.find(text) for notion in told.split("\n")}
    met = sorted(touched | signs)[:_MOST]
    return [*(f"={each}" for each in touched), *(f"={one}={two}" for one, two in combinations(met, 2))]
