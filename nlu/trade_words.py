# ruff: noqa: E501 - the sayings of one thing stand together
"""How people call the work of the trade when they do not know its name in the catalogue.

One entry a kind of work: its key, what the names of a service of it hold (a pattern), what people say for it, and what
they say for it and for more than it. `~` stands between a verb and its object, where 个, 一下 and the like may come;
(a|b) expands; sayings are parted by semicolons, already folded (lower case, simplified).
"""

from typing import NamedTuple


class Work(NamedTuple):
    """One kind of work: marks in the names of a service, sayings that mean it, loose ones that may mean others too."""

    key: str
    marks: str
    sayings: str
    loose: str = ""
    narrower_of: str = ""
    """The kind of which this is the thorough one: its services are no plain ones of that kind while others are."""
    hides: bool = False
    """Whether its sayings mean nothing where nobody does it, so that a loose saying inside them is not heard."""


WORKS = (
    Work(
        "neck",
        r"肩颈|颈肩|颈椎|肩膀|\bneck\b|\bshoulders?\b",
        "肩颈;颈肩;(肩颈|颈肩|肩膀|肩部|颈部|脖子|颈椎)(按摩|推拿|放松|舒缓|理疗|护理|调理);按摩(肩颈|颈肩|肩膀|脖子|颈椎);(按|揉|捏|推|松)~(肩|肩膀|肩颈|颈肩|脖子|颈椎);"
        "(neck|shoulder|shoulders)( massage| massages| rub| rubs| treatment);(neck|shoulder|shoulders|necks) (and|&|n|/|+|and the|and my) (neck|shoulder|shoulders|necks)( massage| massages| message| rub| treatment|);neck shoulder( massage| massages|);shoulder neck massage;neck/shoulder( massage|);"
        "massage (for|on|of) (my |the |)(neck|shoulder|shoulders);massage my (neck|shoulders);rub my (neck|shoulders);neck message;desk massage",
        "按摩;massage;massages",
    ),
    Work(
        "body",
        r"全身|\b(?:full|whole)[ -]?body",
        "全身(按摩|推拿|放松|舒缓|理疗|spa|的按摩|);(按|揉|推|松|做|放松|按摩)~全身;周身按摩;整身按摩;从头(按|揉)到脚;"
        "(full|whole|entire)( |-|)body( massage| massages| message| rub| treatment|);body massage;body massages;massage (all over|for the whole body|for my whole body);(all over|all-over|head to toe|head-to-toe) massage;fullbody(| massage)",
        "按摩;推拿;松骨;massage;massages",
    ),
    Work(
        "oil",
        r"精油|香薰|aroma|\boil massage|(?<!foot )\bspa\b",
        "精油(按摩|开背|推背|spa|护理);香薰(按摩|spa|);做~spa;推~精油;开背;aromatherapy( massage|);(essential |)oil massage;massage with oils;hot oil massage",
        "按摩;massage;massages",
    ),
    Work(
        "foot",
        r"足疗|足底|足部按摩|足浴|\bfoot massage|reflexolog",
        "足(疗|浴|底按摩|部按摩|道);脚(底|部|)按摩;做脚;(按|捏|揉|泡|洗|按摩)~(脚|脚底|脚丫|脚丫子);(泡|洗)脚(按|捏)脚;(foot|feet)( massage| massages| message| rub| rubs| spa| reflexology| treatment);reflexology;"
        "(rub|massage) my feet;massage (for|on) my feet;feet (massaged|rubbed|seen to);foot (or|and|vs) (full |neck|body);(or|vs) foot",
        "按摩;massage;massages",
    ),
    Work("thai", r"泰式|\bthai\b", "泰式(按摩|古法|);thai( massage|)"),
    Work("moxa", r"艾灸", "艾灸;(做|来)~(艾灸|灸);moxibustion"),
    Work("cupping", r"拔罐|\bcupping", "拔~(罐|罐子|火罐);火罐;cupping( therapy|)"),
    Work("scraping", r"刮痧|gua ?sha", "刮~痧;gua sha;guasha"),
    Work("ears", r"采耳|掏耳", "采~耳;掏~(耳朵|耳);挖耳朵;ear cleaning"),
    Work(
        "facial",
        r"面部护理|脸部护理|做脸|皮肤管理|\bfacials?\b",
        "(做|弄|洗|补|护理)~(脸|面部|脸部);(面部|脸部|面|脸)(护理|清洁|保养|美容|spa|按摩|补水|深层清洁);皮肤(管理|护理);小气泡;清洁毛孔;做~(补水|护肤|面膜|面护);面护;facial;facials;facial (treatment|massage|cleanse|care);"
        "face (treatment|massage|cleanse|care|mask|spa);(my|her) face done;skin( |)care( treatment|);skin treatment",
        "美容;补水;护肤",
    ),
    Work(
        "lashes",
        r"睫|\blash|\beyelash",
        "睫毛;眼睫毛;假睫毛;美睫;(接|种|嫁接|做|植|补|贴|弄|搞|烫)~(睫毛|眼睫毛|假睫毛);(睫毛|眼睫毛)(嫁接|种植|延长|护理|加长);"
        "(lash|eyelash)(| extension| extensions| lift| set| infill| infills| fill| refill| perm| tint| appointment);(lashes|eyelashes)( done| extended| put on| put in| infilled|)",
    ),
    Work(
        "brows",
        r"眉|\bbrow|\beyebrow|microblad",
        "眉毛;(纹|绣|修|画|做|弄|漂|雾)~(眉|眉毛);半永久眉;(brow|eyebrow)(s|)( tint| wax| waxing| threading| lamination| shape| shaping| tattoo| done|);microblading",
    ),
    Work(
        "manicure",
        r"美甲|指甲|\bmanicure|\bnails?\b",
        "美甲;指甲;(做|修|涂|画|弄|搞|剪|抠)~(指甲|手指甲|美甲|甲|指甲油);甲油胶;光疗甲;光疗;延长甲;穿戴甲;卸甲;手部护理;manicure;manicures;mani;(nail|nails|fingernails);(nail|nails)( done| did| art| polish| extension| extensions| infills| set| appointment| job| treatment);"
        "(gel|acrylic|shellac)(s| nails| nail| polish| manicure|);(get|have|do|doing|getting|paint) (my|her|our) nails( done|);french mani",
    ),
    Work("pedicure", r"美足|修脚|脚甲|\bpedicure", "修~脚;修脚(趾甲|指甲);脚指甲;脚趾甲;美足;做脚甲;pedicure;pedicures;pedi;toenails;toe nails;toes done"),
    Work("hair", r"理发|剪发|美发|头发|\bhair ?(?:cut|dress|styl)", "(剪|理|洗|吹|烫|染|做|弄|修)~(头发|头|发|发型|刘海);理发;(haircut|haircuts|hair cut|hairdresser|hairdresser's|barber);blow( |-)dry;(hair|fringe) (done|cut|trim|trimmed|styled|colour|color|dye|dyed|washed);(cut|do|style|dye) my hair;highlights"),
    Work("makeup", r"化妆|妆造|新娘妆|\bmake-?up", "化~妆;妆造;跟妆;(新娘|年会|宴会|晚宴|日常)妆;(make-up|makeup|make up)( artist|done|);bridal makeup"),
    Work("waxing", r"脱毛|蜜蜡|\bwax", "脱~毛;蜜蜡;waxing;(leg|bikini|arm|underarm|body|full|half leg|brazilian|chest|back)( leg|) wax;hair removal;(legs|arms|underarms) waxed"),
    Work(
        "deep",
        r"深度(?:保洁|清洁)|大扫除|开荒|\bdeep[ -]clean(?!s)|spring clean",
        "(深度|全屋|彻底|全面|精细)(保洁|清洁|打扫|清扫|做保洁|大扫除);(做|搞|来|弄)~(大扫除|大清洁|深度|深度清洁|深度保洁|开荒);(彻底|好好|里里外外|从里到外|全屋|仔仔细细)(打扫|清洁|清理|收拾|搞卫生|清扫)(一下|一遍|一次|);(开荒|退租|搬家前|入住前|装修后|年终|过年)(保洁|打扫|大扫除|清洁);开荒;大扫除;"
        "(deep|spring)( |-)(clean|cleaning|cleaned|cleans|cleaner);(thorough|big|proper|full|top to bottom|top-to-bottom|intensive|end of tenancy|end-of-tenancy|move out|move-out|move in|move-in|moving out|after builders|post renovation|one off deep)( |-)(clean|cleaning|house clean);end of tenancy;clean (everything |)top to bottom;deep clean (my|the|our) (flat|house|place|kitchen|home)",
        narrower_of="cleaning",
    ),
    Work(
        "cleaning",
        r"保洁|打扫|家政|\b(?:house|home|domestic|regular) clean|housekeep",
        "保洁(阿姨|员|服务|师傅|师|大姐|);打扫;(搞|做|弄)~(卫生|保洁|清洁|家务|家政);(钟点|小时|计时)工;钟点阿姨;(家政|家庭|居家|日常|定期|普通|室内)(保洁|清洁|打扫|服务|阿姨);家政;清洁(阿姨|工|员|服务|人员);(打扫|做卫生|搞卫生|做家务)(的|)阿姨;收拾~(屋子|房间|房子|屋|家里|家);清扫;(擦|拖|扫)~(地|地板);阿姨(来|)打扫;做家务;"
        "cleaner;cleaners;cleaning;(house|home|flat|apartment|domestic|regular|weekly|fortnightly|general|standard|normal|room|kitchen|bathroom|office|one off|one-off|basic|quick|light) (clean|cleaning|cleaner|cleaners|cleans);"
        "(clean|tidy|tidy up|clean up|hoover|vacuum|mop) (my|the|our|up my|a) (flat|house|home|place|apartment|room|rooms|kitchen|bathroom|studio|office|floors|bedroom|living room);(clean|tidy|hoover|vacuum) (my|the|our) (whole|little|small|messy|2 bed|two bed|one bed) (flat|house|home|place|apartment|kitchen|bathroom);(flat|house|home|place|apartment|kitchen|bathroom|office|bedroom|bedrooms|room|rooms) (cleaned|cleaning|tidied|needs cleaning|needs a clean|needs a good clean|hoovered);"
        "housekeeper;housekeeping;maid;maid service;cleaning (lady|service|services|woman|person|visit);(someone|somebody) to clean;come (and|to|round and) clean;(a|good|little) clean;tidy up;charlady",
        "清洁;clean my",
    ),
    Work("windows", r"玻璃|窗|\bwindows?\b", "(擦|洗|清洁|清洗)~(玻璃|窗|窗户|窗子);(玻璃|窗户)清(洗|洁);window (clean|cleaning|cleaner|cleaners);windows (cleaned|cleaning|washed);(clean|wash) (my |the |our |)windows"),
    Work("sofa", r"沙发|\bsofa|\bcouch|upholstery", "(洗|清洗|清洁)~沙发;沙发(清洗|清洁|保养);(sofa|couch|upholstery|settee) (clean|cleaning|cleaned|wash);(clean|shampoo|wash) (my |the |our |a )(sofa|couch|settee)"),
    Work("mattress", r"床垫|除螨|\bmattress", "(洗|清洗|清洁)~床垫;床垫(清洗|清洁|除螨);除~螨;(mattress|mattresses) (clean|cleaning|cleaned);clean (my |the |our |a )mattress;dust mites"),
    Work("carpet", r"地毯|\bcarpet|\brug\b", "(洗|清洗|清洁)~地毯;地毯清(洗|洁);(carpet|carpets|rug|rugs) (clean|cleaning|cleaned|shampoo|shampooed);clean (my |the |our |a )(carpet|carpets|rug)"),
    Work("oven", r"烤箱|\boven clean", "(洗|清洗)~烤箱;oven (clean|cleaning|cleaned);clean (my |the |our )oven"),
    Work("hood", r"油烟机|烟机|\bhood\b|extractor", "(洗|清洗|拆洗|擦|清洁)~(油烟机|抽油烟机|烟机);(油烟机|抽油烟机|烟机)(清洗|拆洗|清洁|要洗|洗一下);(cooker hood|range hood|extractor|extractor fan|extractor hood)( clean| cleaning| cleaned|)", "油烟机;抽油烟机"),
    Work(
        "ac",
        r"空调清洗|洗空调|空调.?保养|清洗空调|空调清洁|冷气清洗|(?:air[ -]?con\w*|\bac\b|conditioner) clean",
        "(洗|清洗|清洁|拆洗|保养|擦)~(空调|冷气|冷气机|挂机|柜机|中央空调);(空调|冷气|冷气机|中央空调)(清洗|清洁|保养|拆洗|深度清洗|也洗|都洗|要洗|该洗|得洗|洗一下|洗洗|都洗洗|也洗洗|需要清洗|有味|有味道|有异味);"
        "(ac|a/c|aircon|air con|air-con|air conditioner|air conditioning|air conditioners|air conditioning unit|ac unit|ac units|air con unit|air con units|aircon unit|aircon units)(s|) (clean|cleaning|cleaned|service|serviced|servicing|wash);(clean|cleaning|service|wash) (my |the |our |both |two |)(ac|a/c|aircon|air con|air conditioner|air conditioners|air conditioning|acs|aircons|ac unit|ac units)",
        "空调;冷气;冷气机;ac;a/c;aircon;aircons;air con;air-con;air cons;air conditioner;air conditioners;air conditioning;ac unit;ac units",
    ),
    Work(
        "ac_repair",
        r"修空调|空调维修|空调.?修|加氟|(?:air[ -]?con\w*|\bac\b|conditioner) repair",
        "(修|维修)~(空调|冷气);(空调|冷气)(维修|坏了|不制冷|不制热|不凉|不冷|不热|不转|打不开|开不了|不工作|加氟);加~氟;(ac|aircon|air con|air conditioner|air conditioning) (repair|repairs|broken|is broken|isn't working|not working|not cooling|isn't cooling|broke|fixed|regas);(fix|repair) (my |the |our )(ac|aircon|air con|air conditioner|air conditioning)",
        hides=True,
    ),
    Work(
        "pipe",
        r"疏通|下水|马桶|\bunblock|\bblocked\b|\bdrains?\b",
        "(通|疏通|捅|掏)~(马桶|下水道|下水|下水管|厕所|管道|地漏|水槽|洗手池|洗碗池|洗菜池|水池|管子|浴缸|坐便);(马桶|下水道|下水|下水管|厕所|管道|地漏|水槽|洗手池|洗碗池|洗菜池|水池|面盆|管子|浴缸|下水口|坐便|排水管)(又|都|全|老|被|有点|)(堵|不通|不畅|反水|返水|返味|溢水|冲不|不下水|下水慢);(管道|下水道|马桶|下水)疏通;疏通;"
        "(blocked|clogged|backed up|bunged up|overflowing|smelly) (kitchen |)(drain|drains|toilet|sink|loo|pipe|pipes|shower|bath|plughole);(drain|drains|toilet|sink|loo|shower|bath|pipe|pipes|plughole)(| is| are|'s| keeps getting| got| gets| completely)( blocked| clogged| backed up| bunged up| overflowing);"
        "(sink|bath|shower|basin|water) (won't|wont|isn't|isnt|not|doesn't|doesnt|is not|will not|does not) (drain|draining|drain away|go down|going down);(unblock|unclog|unblocking|clear) (my |the |a |our )(kitchen |)(drain|drains|toilet|sink|loo|pipe|shower|bath);toilet (won't|wont|doesn't|isn't|not) (flush|flushing);drain (cleaning|clearing|clearance|unblocking|unblocker);drains?",
        "drain;drains;plumber;plumbing;plumbers;水管工",
    ),
    Work(
        "tap",
        r"水龙头|修水管|水管维修|水管.*修|漏水|\bplumb|\btaps?\b|\bleak",
        "(修|换|装|维修)~(水龙头|龙头|水管|花洒|淋浴头|角阀|软管);(水龙头|龙头|水管|管子|花洒|水槽|马桶)(一直|老是|老|又|在|有点|)(滴水|漏|坏了|爆了|关不|拧不|裂了);水电(维修|工|师傅);水管工;"
        "(leaking|leaky|dripping|broken|burst) (kitchen |bathroom |)(tap|taps|faucet|pipe|pipes|shower|radiator);(tap|taps|faucet|pipe|pipes|shower|toilet|radiator)(| is| are|'s| keeps| has)( leaking| dripping| burst| leaks| drips);(fix|repair|replace|change) (my |the |a |our )(kitchen |bathroom |)(tap|faucet|pipe|leak|shower);(water|a) leak;leak under the sink",
        "漏水;plumber;plumbers;plumbing;leak;leaking;tap;水管",
    ),
    Work(
        "lock",
        r"锁|\blocks?\b|locksmith",
        "(开|换|修|撬|装|换新)~(锁|门锁|锁芯|智能锁|指纹锁|密码锁|把锁|新锁);开锁(师傅|公司|匠|的|);锁匠;(锁|门锁|锁芯|指纹锁|密码锁|大门|防盗门)(又|)(坏了|打不开|开不|卡住|失灵|拧不动);(门|家门|房门)(打不开|开不了);(门|家门|房门)反锁(了|);钥匙(丢了|掉了|找不到了|锁屋里了|锁家里了|锁里面了|锁在屋里|锁在家里|锁在里面|锁房间|锁门里|忘带|忘在屋里|忘在家里|忘在里面|断在锁里|断里面|断了|不见了|没带);(忘带|忘记带|没带|弄丢|丢了|忘了带)(家门|)钥匙(了|);进不去(门|家|家门|屋);被(锁|关|反锁)(在|)(外面|门外|屋外|家门外|外头);锁门外;(把|)自己锁(在|)(外面|门外);反锁;门锁;锁芯;"
        "locksmith;locksmiths;locked (out|myself out|me out|us out|outside);(change|changing|replace|fit|fix|repair|install) (the |my |a |our |)(front door |door |new |)(lock|locks);(lock|locks) (changed|replaced|fixed|broken|broke|stuck|change|repair|jammed|is stuck|is broken|is jammed|fitted|fitting|replacement);(new|broken|smart|door) (lock|locks);(lost|forgot|left|locked) my keys( inside| indoors| in the house| in the flat|);lost (my |the )(house |door |)(key|keys);key (snapped|broke|is stuck|stuck|broken|snapped off)( in the lock|);can't get into my (flat|house|home|place);(door|front door) (won't|wont) (open|lock|unlock)",
        "lock;locks;智能锁;指纹锁",
    ),
    Work("electrics", r"电路|灯具|电工|\belectric(?!al appl)|\bwiring|\blight", "电工;电路(维修|检修|检查|);(修|换|装|接)~(灯|灯泡|灯具|吊灯|吸顶灯|插座|开关|电线|电路);(灯|灯泡|插座|开关|吊灯)(不亮|不亮了|坏了|没电|没电了|烧了|闪);跳~闸;老跳闸;(家里|屋里)(没电|断电)(了|);保险丝;electrician;electricians;electrics;(lights|light|lamp|socket|plug) (won't|not|isn't|aren't|wont|don't) (work|working|turn on|come on);(install|fit|fix|change|hang|replace) (a |the |my |some )(light|lights|lamp|socket|switch|chandelier|ceiling light);(tripped|trips|tripping|blown) (fuse|breaker|the fuse|the breaker);no power;power (is out|has gone|cut|keeps tripping);rewire;rewiring;light fitting", hides=True),
    Work("appliances", r"(?:家电|电器|冰箱|洗衣机|热水器).*修|修(?:家电|冰箱|洗衣机|热水器)|appliance repair", "(修|维修)~(家电|电器|冰箱|洗衣机|热水器|电视|微波炉|燃气灶|洗碗机|烘干机);(冰箱|洗衣机|热水器|电视|燃气灶|洗碗机)(坏了|不转|不转了|不制冷|不出水|不排水|不脱水|不出热水|打不着火|没反应|漏水|不工作);家电维修;appliance repair;(washing machine|fridge|freezer|dishwasher|boiler|cooker|dryer|water heater|washer)( repair| is broken| broken| broke| isn't working| not working| won't start| leaking| packed up);(fix|repair) (my |the |our )(washing machine|fridge|freezer|dishwasher|boiler|oven|cooker|dryer|water heater|washer|tv)", hides=True),
    Work("assembly", r"家具安装|装家具|组装|furniture assembl|flat ?pack", "(装|组装|安装|拼装)~(家具|柜子|衣柜|床|桌子|书架|书桌|椅子|沙发|鞋柜);家具(安装|组装);(assemble|put together|build) (my |the |some |a |an )(furniture|wardrobe|bed|desk|bookcase|ikea|shelf|shelves|table);furniture assembly;flat( |-|)pack( assembly| furniture|);ikea( furniture| assembly|);handyman"),
    Work("moving", r"搬家|搬运|\bmoving help|\bremovals?\b|\bmovers?\b", "搬~(家|东西|家具|箱子|钢琴);搬家(公司|师傅|);搬运;拉货;moving (help|house|home|men);(help me|help) (move|moving)( house| home| flat|);movers;removals;removal men;man (and|with) a? ?van;move (house|flat);man and van"),
    Work("childcare", r"保姆|月嫂|育儿|看护孩子|\bnann|babysit|childcare", "保姆;月嫂;育儿嫂;(看|带|照顾|照看|接送)~(孩子|小孩|娃|宝宝|小朋友);nanny;nannies;babysitter;babysitters;babysitting;babysit;childcare;childminder;(look after|mind|watch) (my |the |our )(kid|kids|baby|child|children|son|daughter|toddler)"),
    Work("cooking", r"做饭|厨师|烧饭|\bcook(?:ing)?\b(?!er)|\bchef", "(做|烧|煮)~(饭|菜|晚饭|午饭|晚餐|年夜饭|一顿饭);(做饭|烧饭|烧菜|煮饭)(的|)(阿姨|师傅);厨师;上门厨师;(private |personal |home |)chef;home cooking;(someone|somebody) to cook;cook (dinner|lunch|a meal|for us|for me|for my)"),
    Work("care", r"护工|陪护|养老|护理老人|\bcarer|elderly|caregiver", "护工;陪护;陪诊;(照顾|照看|护理|陪)~(老人|老人家|病人|爸妈|我妈|我爸);carer;carers;caregiver;(look after|care for) my (mum|mom|dad|gran|grandma|grandad|mother|father|parents);elderly care"),
    Work("pests", r"除虫|灭蟑|杀虫|灭鼠|除四害|白蚁|\bpest", "(除|杀|灭)~(虫|蟑|蟑螂|鼠|老鼠|四害|白蚁|蚂蚁|跳蚤|蚊子);(家里|厨房|屋里)(有|好多|全是|都是)(蟑螂|老鼠|蚂蚁|白蚁|虫子|臭虫);pest control;exterminator;fumigation;(cockroach|cockroaches|roaches|mice|rats|bed bugs|bedbugs|ants|wasps|moths|mouse|rat|ant) (problem|infestation|in my|in the|everywhere)"),
    Work("painting", r"刷墙|刷漆|粉刷|\bpaint(?:ing|er)", "刷~(墙|漆|墙面);粉刷;补墙;painter;painters;(paint|painting|redecorate) (my |the |our |a )(wall|walls|room|flat|bedroom|house)"),
    Work("ironing", r"洗衣|熨|\biron|\blaundry", "(洗|熨|烫)~(衣服|衬衫);熨烫;ironing;laundry;iron my (shirts|clothes)"),
    Work("garden", r"园艺|除草|修剪|\bgarden", "(除|割|剪)~草;修剪(草坪|花园|树枝|绿植);园丁;园艺;gardener;gardening;(mow|cut) the (lawn|grass);hedge (trimming|cutting)"),
    Work("pets", r"宠物|遛狗|喂猫|\bpets?\b|dog walk|\bgrooming", "遛~狗;喂~猫;(给狗|给猫|狗狗|猫咪)洗澡;宠物(洗澡|美容|寄养);dog (walking|walker|grooming|groomer);walk (the |my |our )dog;cat sitting;pet sitting;pet grooming"),
)  # fmt: skip

FORMS = (
    Work("wall", r"挂机|挂式|\bwall", "挂机;挂式;挂式机;壁挂(式|机|);挂壁式;挂墙(式|的|上的);wall( |-)(mounted|unit|units|type|one|ones);wall( |-)mounted (unit|units|one|ones);on the wall;split unit;split units"),
    Work("cabinet", r"柜机|柜式|立式|\bfloor[ -]?stand|\bcabinet", "柜机;柜式;柜式机;立式;立式机;立柜(式|机|);落地式;floor( |-)standing( unit| units| one| ones|);(floor|cabinet|tower|standing) (unit|units);cabinet type;free( |-)standing( unit| units|)"),
    Work("ceiling", r"中央空调|吸顶|天花机|\bceiling|ducted", "中央空调;吸顶机;天花机;风管机;ceiling (unit|units|mounted);ceiling( |-)mounted unit;ducted( unit| system|)"),
    Work("french", r"法式|\bfrench", "法式;法式边;french;french (tips|tip|style)"),
    Work("plain", r"纯色|\bplain colou?r|\bsingle colou?r", "纯色;单色;(plain|single|one|solid) (colour|color)"),
)  # fmt: skip
"""Options that are called by other words than their names."""

SILENT = (
    "全身(酸|疼|痛|酸痛|酸疼|疼痛|都疼|都痛|都酸|没劲|乏力|发抖|发冷|是汗|湿|不舒服|难受|都不舒服|无力);按摩(店|院|椅|棒|师|技师|仪);美甲店;美容(师|院);保洁费;清洁(费|剂|用品);空调(房|间|外机|遥控);锁屏;"
    "nail (it|salon|technician|tech|bar|varnish remover);nails it;nailed it;(会|学过)(推拿|按摩);cleaner than;your (cleaner|cleaners);cleaning (fee|product|products|supplies|stuff|materials);lock screen;lock in;locked in;drain cover;hair salon;massage (therapist|therapists|table|chair|bed|oil|parlour);tap (on|the|here|to|it)"
)
"""Words that hold a name or a saying and mean something else."""
