# ruff: noqa: E501 - phrase tables read best by row
"""The words that give an intent away: (intent, how sure, phrases), in both languages. Brackets are alternatives."""

from nlu.names import IntentName as I
from nlu.text import Phrases, expand

# Phrases are separated by semicolons and written in folded form (simplified, lower case).
_ZH: tuple[tuple[I, float, str], ...] = (
    (
        I.EMERGENCY,
        0.99,
        "报警;救命;骚扰;猥亵;强奸;非礼;(动手动脚|摸我|打我|威胁我|掐我|不让我走|不肯走);打110;叫警察;(流血|晕倒|昏倒|受伤)了;有危险;害怕;喝醉;喝多了;救救我;耍流氓;自杀;轻生;不想活了;(煤气|燃气)(味|泄漏|漏了);(着|起|失)火了",
    ),
    (
        I.HUMAN,
        0.97,
        "人工;人工客服;转人工;客服;真人;(找|转|接|叫)(个|一个|)(人|人工|客服|真人)(聊|说|谈|帮|);接线员;(打电话|电话)给我;经理;(不想|不要|别)(跟|和|用|给我|)机器人;(老板|负责人|主管);(要|想)(跟|和)(个|)(人|真人)(说话|聊|谈|讲)",
    ),
    (
        I.ERASE_ME,
        0.97,
        "(删除|删掉|清除|注销|清空)(我的|我|)(所有|全部|个人|)(数据|信息|资料|账号|账户|记录);注销;(资料|数据|信息)(都|全|)(删了|删掉|删除)",
    ),
    (
        I.CANCEL,
        0.96,
        "取消;不约了;不做了;退单;退订;撤单;撤销;(不想|不想要|先不|暂时不)(约|做|要)了;不要了;别来了;不用来了;不(想|)预约了;算了不(约|做|要|用)了;先不约;不订了;作废;取消掉",
    ),
    (I.CANCEL, 0.72, "算了;算了吧"),
    (
        I.ASK_POLICY,
        0.93,
        "夜间费;(车费|路费|交通费)(是什么|怎么算|怎么收|多少|贵吗|要多少);(可以|能|能不能|可不可以|随时)取消吗;取消(要|收|扣)(不要|不|多少|)(钱|费用|费);取消(要|会|得|的话要|)(收|扣|付|交|赔)(多少|)(钱|费|费用|手续费|违约金);取消(规则|政策|规定|扣钱吗|扣费吗|怎么算|会怎么样|会怎样|怎么办);(如果|要是|万一)(我|临时|)(要|想|)取消(了|的话|);退款(政策|规则|规定);(能|可以)(退|退款)吗;发票;营业时间;几点(下班|开门|关门|营业|上班|开始营业|开始上班);会迟到吗;(服务|上门)(范围|区域);(哪些|什么)(区|区域|地方)(可以|能)(上门|服务|做);停车;(支付|付款)方式;(怎么|如何)(付款|支付|付钱);安全吗;正规吗;隐私;(改时间|改期|改约)(要|收)(不要|)(钱|费)(吗|);保险",
    ),
    (
        I.REFUND,
        0.95,
        "(钱|款|退款)(什么时候|多久|怎么还没|怎么还不|还没|没)(退|到账|能退|退给我|退回来|到);退款;退钱;退我钱;(把|)钱退(给我|我|回来);退费;还我钱;退一下(钱|款);要求退",
    ),
    (
        I.RESCHEDULE,
        0.94,
        "改约;改期;改时间;(换|改)(个|一个|一下|下)时间;改天;推迟;延期;延后;提前(一点|一些|点|到|一个|半);往(后|前)(推|挪|改);(另|重新)约(个|)时间;换(一|)天;时间(改|换|调)(一下|下|个);(调|调整|改动)(一下|下|个|)时间;改(个|一)(天|日子)",
    ),
    (
        I.CHANGE_TECHNICIAN,
        0.95,
        "(换|改)(个|一个|一位|位|别的|其他|另一个|另外一个|)(女|男|女的|男的|女性|男性|)(师傅|技师|老师|阿姨);换(个|一个|位)(人|女的|男的|女生);换人;(另|另外)(找|换)(一|)(个|位)(师傅|技师|人)",
    ),
    (
        I.CORRECT,
        0.9,
        "改成;改为;改到;换成;换到;(说|弄|搞|打|写|选)错了;我(是说|说的是|的意思是|要的是);应该是;不是这个;不对;错了;(改|换)(一下|个|下|一个|)(地址|电话|手机号|服务|项目);(地址|电话|服务|项目|手机号)(改|换)(一下|下|了|成)",
    ),
    (
        I.REBOOK,
        0.95,
        "(再|还)(约|来|做|订|按)一(次|单|遍);(跟|和|同|照)(上次|之前|上回)(的|)(一样|那样|那个);(跟|和|同|照)(上次|之前|上回);老样子;(就|还是|要|找|约)上次(那个|那位|那样|的那个);再来一(次|单)(上次|);(再|重新)(约|订|下)(一|)(下|单|次);照旧;还是(上次|上回)那(个|样)",
    ),
    (
        I.BROWSE_TECHNICIANS,
        0.94,
        "(有|都有|还有)(哪些|什么|几个|几位)(技师|师傅|阿姨|老师|人);(看|看看|查看|浏览)(技师|师傅)(列表|);技师列表;都有谁;(有|都有)(哪|那)几(个|位)(技师|师傅)",
    ),
    (
        I.BROWSE_SERVICES,
        0.94,
        "(有|都有|还有|提供)(哪些|什么|啥)(服务|项目|可以做|能做的|);(看|看看|查看|浏览)(服务|项目|有什么);(服务|项目)(列表|菜单|介绍|有哪些|有什么);(都|)能做(什么|哪些|啥);做(什么|哪些)项目;什么(服务|项目);(哪些|啥)(服务|项目)",
    ),
    (
        I.RECOMMEND,
        0.93,
        "推荐;哪(个|种|款|位|项)(比较|更|最|)(好|合适|适合|划算|厉害|受欢迎);(适合|合适)(我|什么|哪);选(哪个|什么)(好|);做(什么|哪个|哪种|啥)(好|合适|比较好|最好);(不知道|不晓得)(选|做|约)(什么|哪个|啥);给点建议",
    ),
    (
        I.ASK_PRICE,
        0.95,
        "多少钱;(什么|啥)价(格|钱|位|);价格;价钱;价目表;(怎么|如何)(收费|算钱|收钱);收费;几块;(怎么|如何)(算钱|算的|算);车费;费用;贵(吗|不贵|么);(有|有没有|什么)(优惠|折扣|活动|团购|券);打折;打几折;便宜(点|一点|些);报价;(要|需要|得)(花|付|给)(多少|几);(总共|一共|合计|车费|路费|夜间)多少",
    ),
    (
        I.ASK_AVAILABILITY,
        0.9,
        "(有|有没有|还有|还有没有|哪天有|几点有|什么时候有|什么时间有)(空|空位|位|位置|时间|空档|号|人)(吗|么|没|的|);(什么时候|几点|哪天|多久|什么时间)(能|可以|方便)(来|上门|约|到|做|安排|);最(早|快|近)(几点|什么时候|多久|哪天|是)(能|可以|);(能|可以)(约|预约|上门|来|安排)(吗|么|不);(约|排)(得|不)(上|到);(还|)有(空|号|位)(吗|么|没);有空;约满;还能约;(早|晚)(一点|点|一些|些)(吗|行吗|可以吗|行不行)",
    ),
    (
        I.ASK_TECHNICIAN,
        0.92,
        "(有|有没有|什么|哪些)(证|资质|证书|资格证|健康证|经验|执照);证书;持证;资质;(技术|手法|水平|口碑|评价|力度)(好|怎么样|如何|行|大)(吗|不|);(师傅|技师|老师|阿姨)(怎么样|靠谱吗|专业吗|人好吗|多大|好不好);(做|干|从业)(了|)(多久|几年|多少年)了(吗|);几年经验;(是|)男(的|)还是女的;是(男|女)的吗",
    ),
    (
        I.ASK_SERVICE,
        0.9,
        "(会|要|自|需要|要不要|需不需要|需要我|用我)(带|准备|提供|自备)(精油|床单|毛巾|工具|按摩床|床|材料|东西|什么|清洁剂|);带(精油|床单|毛巾|工具|床|材料|按摩床)(吗|来|);(包|包括|包含|含)(什么|哪些|不包|精油|材料);包括;包含;(有什么|什么|有啥)(区别|不同|差别|效果|好处|流程|内容);(要|需要|做|得|大概|大约|一次|持续)(多久|多长时间);多长时间;多久;时长;(疼|痛|难受)(吗|不疼|不痛);孕妇;(怎么|如何)(做|按|服务)的;准备(什么|些什么|啥);流程;注意(什么|事项);适合(孕妇|老人|孩子|小孩);(会|有)(副作用|味道)",
    ),
    (
        I.WHERE_IS_TECHNICIAN,
        0.94,
        "(到|走到|在)哪(了|里了|儿了|里|儿|啊);(还有|还要|大概|)多久(能|可以|)(到|来|上门|到达);(几点|什么时候|啥时候)(到|能到|会到|到我);(怎么|咋)(还|)(没|没有|不)(来|到|见人);(人|师傅|技师|阿姨)(呢|在哪|在哪里|出发了|来了|到了|出发|人呢)(吗|没|);出发了(吗|没|没有);(还没|还没有)(到|来|出发|见到人);快到了(吗|没)",
    ),
    (
        I.ORDER_STATUS,
        0.96,
        "我的(订单|预约|单子|单|预定|约单|服务单);(订单|预约|单子)(状态|详情|查询|进度|情况|怎么样|呢|在哪|列表);(查|看|查看|查询|查一下|看一下|看看|查下|看下)(我的|我|)(订单|预约|单子|单);我(那|这|的那|上一|前一)(个|)(单|订单|预约|单子);(有人|师傅|技师)接(单|)了(吗|没);接单了(吗|没);我(约|订|预约)(了|的)(什么|啥|是|哪|几点|谁);确认了(吗|没)",
    ),
    (
        I.REVIEW,
        0.93,
        "(我要|我想|去|想|来|写|给|写个|给个)(评价|评论|打分|好评|评分);评价(一下|师傅|技师|订单|);打分;五星好评;好评",
    ),
    (
        I.COMPLAIN,
        0.94,
        "投诉;(太|好|真|特别|非常|很|真的)(差|烂|坑|糟|慢|过分|气人|失望|离谱|敷衍|不满意|差劲);差劲;垃圾;骗子;骗人;坑人;不满意;态度(差|不好|恶劣|很差|太差);(没|没有)(人来|来人|按时);放(我|)鸽子;气死;什么(玩意|东西|破|态度|垃圾);(弄|搞|打|碰|摔)坏;损坏;离谱;无语;差评;举报;忽悠;生气;恶心;他妈的;你妈的;操你;草泥马;尼玛;傻(逼|比|叉);去死;有病(吧|啊);滚(蛋|开|远点);混蛋;王八蛋;变态;(迟到|晚到)了;(又|老|总)迟到;没做完;没打扫干净;不专业;fuck",
    ),
    (
        I.HELP,
        0.95,
        "帮助;(怎么|如何)(用|使用|约|预约|预订|下单|操作|弄|订|玩);(你|你们)(能|会|可以)(做|干|帮我做|帮我)(什么|啥|些什么);不会(用|弄|操作|订|约);能(干|干什么|干啥);功能;菜单;使用说明;教我",
    ),
    (
        I.REPEAT,
        0.96,
        "(再|重)(说|发|讲|复|来)(一|)遍;重复;(没|没有)(听清|看清|看懂|听懂|看明白|收到);(刚才|刚刚)(说|问)(什么|的什么|啥);什么意思;重新(发|说)一(下|遍)",
    ),
    (I.BACK, 0.95, "返回;上一步;后退;回到上(一步|一个|级);退回;上一页;上一级;回去;返回上一步"),
    (
        I.MORE,
        0.93,
        "更多;(还有|有没有|有|看看|看)(别的|其他|其它|更多|另外)(的|选择|时间|师傅|技师|项目|服务|)(吗|么|);下一页;换一批;下一批;(再|多)(看看|来几个|给几个|看几个);还有(吗|呢|没);后面的",
    ),
    (
        I.LANGUAGE,
        0.95,
        "(说|讲|用|换|换成|切换|切换到|切换成|改成|请说|转)(英文|英语|中文|繁体|简体|普通话|国语);(切换|换|选择|设置)(一下|)语言;语言;(英文|中文|繁体|简体)(版|服务|界面);会说英(文|语)吗",
    ),
    (
        I.APPLY_TECHNICIAN,
        0.96,
        "应聘;入驻;入职;(加入|想加入|怎么加入|我要加入)(你们|平台|);(当|成为|做|想做|想当|申请做|申请当|申请成为)(你们的|你们|一名|)(技师|师傅|按摩师|美容师|保洁员|阿姨|手艺人);招(人|聘|技师|师傅|工)(吗|);(来|找)(你们这|)(上班|工作);(我是|)(技师|师傅)(想|要)(加入|接单|入驻|报名);报名(当|做|技师);接活",
    ),
    (
        I.MY_DAY,
        0.96,
        "(今天|明天|今日|后天)(有|还有|)(几|多少)(单|个单|个活|个订单);(今天|明天|今日|今晚|后天|大后天|昨天|周一|周二|周三|周四|周五|周六|周日|星期一|星期二|星期三|星期四|星期五|星期六|星期日|星期天)(的|)(安排|日程|行程|单子|单|工作|订单|活);我的(日程|行程|安排|工作);下一(单|个单|个活);(今天|明天|今日|今晚|后天|大后天|昨天|周一|周二|周三|周四|周五|周六|周日|星期一|星期二|星期三|星期四|星期五|星期六|星期日|星期天)(有|还有)(单|活|订单)(吗|没|);今天(都|)(去哪|干啥|做什么)",
    ),
    (
        I.MY_WEEK,
        0.97,
        "(本周|这周|这一周|这个星期|这星期|下周|下一周|下个星期|下星期|上周|一周)(有|还有|)(几|多少)(单|个单|个活|个订单);(本周|这周|这一周|这个星期|这星期|下周|下一周|下个星期|下星期|上周|一周)(的|)(安排|日程|行程|单子|单|工作|订单|活);(本周|这周|这一周|这个星期|这星期|下周|下一周|下个星期|下星期|上周|一周)(有|还有)(单|活|订单)(吗|没|);我(的|)(一周|这周|本周|下周)",
    ),
    (
        I.MY_ROTA,
        0.97,
        "(我的|看看|看|查看|查|本周|这周|下周|今天|明天|)(排班|班表|排班表);我的(上班时间|工作时间)",
    ),
    (
        I.CHANGE_ROTA,
        0.98,
        "(改|换|调|调整|修改|更改|设置|设|安排|重排)(一下|下|我的|我|)(排班|班表|排班表|上班时间|工作时间);(排班|班表|排班表|上班时间|工作时间)(要|想|需要|得|)(改|调|换|调整|修改)(一下|下|成|为|到|);每(周|个星期|星期)(一|二|三|四|五|六|日|天|末)(都|)(休息|不上班|不接单|休)",
    ),
    (
        I.OFFERS,
        0.97,
        "(待|等我|要我)(接|接单|确认|答复)的(单|单子|订单);待接(单|订单|的);(没|未)(接|接单|确认|答复)的(单|单子|订单)(吗|没|);(有|有没有|还有)新(单|订单|单子)(吗|没|);派给我的(单|单子|订单)",
    ),
    (I.ACCEPT, 0.93, "我接(单|这单|那单|这个|了);接(这|那)(单|个单);(这|那)单我(接|要)"),
    (
        I.DEPART,
        0.94,
        "我(已经|已|刚|刚刚|现在|马上|这就|准备|)(出发|动身|上路|出门)(了|啦|咯|);(已经|已|刚)(出发|动身|上路)(了|啦);我(已经|)在路上(了|)",
    ),
    (
        I.ARRIVE,
        0.94,
        "我(已经|已|刚|刚刚|)到(了|门口|楼下|小区|地方|客户家|顾客家|客人家)(了|);到(门口|楼下|客户家|顾客家|客人家|客户门口)了",
    ),
    (
        I.FINISH_WORK,
        0.94,
        "(我|这边|这单|活|服务|都|已经)(都|已经|)(做|干|弄|忙)(完|好)了;(这单|服务)(已经|)(完成|结束)了",
    ),
    (
        I.REFUSE,
        0.95,
        "(不|不想|不能|没法|接不了)接(这|那)(单|个单);(这|那)单(我|)(不|不能|没法)接;(这|那)单(我|)接不了;拒(单|接);(拒绝|推掉)(这|那)(单|个单)",
    ),
    (
        I.INCOME,
        0.95,
        "(我的|今天|今日|本月|这个月|上个月|这周|本周|昨天|)(收入|收益|工资|流水|提成|业绩)(多少|是多少|怎么样|明细|);(赚|挣|到手)(了|)(多少|几)(钱|);赚了多少;我的账",
    ),
    (
        I.OFF_DUTY,
        0.88,
        "收工;(暂停|停止|先停|停一停)接单;(今天|今晚|先|暂时|)不(再|)接单了;打卡下班;(别|不要)(再|)(给我|)派单(了|)",
    ),
    (
        I.ON_DUTY,
        0.88,
        "(我|我要|准备)开工;开工(了|啦|吧|咯);(开始|恢复|继续|重新|可以)接单;打卡上班;(可以|继续)(给我|)派单(了|)",
    ),
    (
        I.LEAVE,
        0.88,
        "请(个|)(病|事|年|)假;请(半|一|两|三|四|五|六|七|十|几|1|2|3|4|5|6|7|10)(天|周|个星期)(病|事|年|)假;(我|想|要|我想|我要)(休|放)(个|)(年|)假;(我|想|要|我想|我要)(休息|休)(半|一|两|三|四|五|六|七|几|1|2|3|4|5|6|7)天;调休",
    ),
    (
        I.END_LEAVE,
        0.97,
        "销假;(取消|结束|撤销|提前结束)(我的|)(请假|休假|假期|年假);(不|别)(请|休)假了;休假(结束|回来|完|休完)(了|);(提前|)(休完|结束)假(了|)",
    ),
    (
        I.WITHDRAW,
        0.96,
        "提现;取现;(把|)钱(取|提|转)(出来|出|走);取钱;(打|转)(到|给)(我|)(银行卡|卡上|微信);什么时候到账",
    ),
    (
        I.PAY,
        0.93,
        "付款;支付;付钱;(付|支付|付款)(好|完|过|成功)(了|);已(经|)(付|支付|付款)(了|);买单;结账;(去|我要|我来|现在|马上)(付|付款|支付|付钱);付款链接;(怎么|)(还没|没)付;微信支付;支付宝",
    ),
    (
        I.GREET,
        0.95,
        "你好;您好;在吗;在么;在不在;有人吗;有人么;有人在吗;哈喽;哈罗;嗨;早上好;下午好;晚上好;上午好;中午好;早安;大家好;你们好",
    ),
    (I.GOODBYE, 0.95, "再见;拜拜;回见;拜;晚安;下次见;先这样;回头见"),
    (I.THANK, 0.95, "谢谢;多谢;感谢;谢了;辛苦了;谢啦;麻烦了;谢"),
    (
        I.BOOK,
        0.9,
        "我约;(想|要|我想|我要|帮我|给我|可以|能|想要|能不能|麻烦|请)(约|预约|预订|订|安排|叫|找)(个|一个|一次|一下|一位|下|两个|);预约;预订;(想|要|我想|我要|想要|想来|给我|帮我)(做|按|来|弄|修|洗|打扫|收拾|通)(个|一个|一次|一下|下|);约(个|一个|一次|一下);(来|做|叫|找|订|按)(个|一个|一次|位|一位);下单;上门服务;(需要|想找)(一个|个|一位|人|);再约;要做;想试",
    ),
    (
        I.BOOK,
        0.72,
        "按摩;推拿;上门;massage;appointment",
    ),
    (
        I.ASK_POLICY,
        0.96,
        "(孕妇|怀孕|孕期)(可以|能|能不能|可不可以|适合|还能)(做|按|按摩|约|吗|);怀孕了;特殊服务;(小孩|孩子|未成年|未成年人)(可以|能|能不能|可不可以)(做|按|约);未成年;(5|6|7|8|9|10|11|12|13|14|15|16|17)岁的(女儿|儿子|孩子|小孩|妹妹|弟弟)",
    ),
    (
        I.REMOVE_ADDRESS,
        0.97,
        "(删除|删掉|删|去掉|移除)(这个|那个|一个|个|我的|家里的|家的|公司的|公司|酒店的|酒店|)(常用|旧|)地址;地址(删掉|删了|删除)",
    ),
    (I.ADD_ADDRESS, 0.96, "(新增|添加|增加|加|存|保存|记)(一个|个|一下|下|)(新|新的|常用|)地址"),
    (I.MY_ADDRESSES, 0.95, "我的(常用|)地址;地址(管理|簿|列表);(常用|保存的|存的)地址;(查看|管理)(一下|)(我的|)地址"),
    (
        I.PROFILE,
        0.95,
        "我的(个人|)(资料|信息);我的(账号|账户|账号设置);个人(资料|信息|中心|设置);(修改|查看|看看)(资料|个人资料)",
    ),
    (I.SET_NAME, 0.95, "(改|换|修改|更改)(一下|下|个|)(我的|)(名字|姓名|称呼|昵称);(名字|称呼)(改|换)(成|为|一下)"),
    (
        I.SET_PHONE,
        0.95,
        "(改|换|修改|更改|更换)(一下|下|个|)(我的|)(电话|手机号|手机|号码|联系电话|手机号码);(换绑|绑定)(手机|手机号);(电话|手机号)(改|换)(了|成|为|一下)",
    ),
)
_EN: tuple[tuple[I, float, str], ...] = (
    (
        I.EMERGENCY,
        0.99,
        "help me (he|she|they|please he|the);suicide;suicidal;kill myself;end my life;gas leak;(smell|smelling) gas;house is on fire;unconscious;passed out;(call|calling|called) (the |)(police|999|911|ambulance);emergency;harass;harassed;harassing;harassment;assault;assaulted;molested;groped;groping;rape;(he|she)('s| is|) (touched|touching|hit|hitting|attacked|attacking|threatened|threatening|hurting|hurt) me;threatening me;won't leave;won't let me go;won't let me leave;(i'm|i am|i feel|feel|feeling|not) (unsafe|in danger|bleeding|safe|scared)",
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
        "what (if|happens if|happens when) (i|we) cancel;if (i|we) cancel;(what does|how much does) cancelling cost;(is|are) cancelling free;is it free to cancel;can i (still |)cancel;(cancellation|cancelation) (fee|fees|policy|charge|charges|rules|terms);(is|are) there (a |any |)(cancellation|cancel) (fee|charge);how (much|late) (to|can i) cancel;(opening|working|business) hours;(your|the|refund|privacy) policy;invoice;receipt;parking;(do|which|what) (you |)(cover|areas)( do you|);what areas;(payment|pay) methods;(can|could) i pay (cash|by card|by|with|in);(do you|can i) (take|accept|pay by|pay with|pay in)( card| cash|);insured;insurance;what time do you (close|open|finish|start);when do you (close|open|finish);are you (licensed|legit|insured|open);is it safe;deposit",
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
        "how much;price;prices;pricing;price list;cost;costs;(what's|what is|what are) (the |your |)(price|cost|rate|rates|fee|fees|charge|charges|damage);rates;(what|how) do you charge;charge;fee;fees;(how |too |is it |)expensive;(any |)(discount|discounts|offers|deals|promo|coupon|coupons|voucher);cheaper;cheapest;quote",
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
        "where('s| is|s|) (the |my |our |)(technician|therapist|masseuse|cleaner|guy|person|driver|lady|he|she|mia|chen);(on|on the|on her|on his|on their) way;how far (away|is|are|off)( is| are|)( he| she| they|);(when|what time) (will|is|does) (he|she|they|the technician|the therapist|my therapist|mia|chen|it) (be here|arrive|arriving|coming|get here|come|here|getting here);eta;(not|isn't|hasn't|haven't) (here|arrived|shown|turned|come)( yet| up|);nobody (has |)(come|came|here|arrived|turned up|showed up);running late;is (he|she|mia|chen|anyone) (coming|here|still coming);still waiting;has (he|she) left;(she|he|they)('s| is|'re| are) (late|running late|not here)",
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
        "(my|open|pending|waiting|unanswered|the open) offers;(visits|jobs|offers) (waiting for me|to accept|to answer|waiting)",
    ),
    (
        I.ACCEPT,
        0.93,
        "i'll (take|accept) (it|this|that|that one|this one|the job|the visit);i accept;accept (it|this|that|the|the job|the visit|the offer)",
    ),
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
        "book;booking;(make|want|need|like|schedule|arrange|get|after|looking for|place|set up|fancy|have|like to book|like to order|want to book|like to have|want to get) (a |an |some |my |another )(appointment|booking|massage|session|visit|cleaner|manicure|pedicure|facial|reservation|plumber|repair|clean|order|slot);schedule;reserve;(i'd|i would|id) (like|love)( to have| to get| to book| a| an| some|);(i |)(need|want) (a|an|some|someone|somebody|to get|to have);can i (get|have|book|order|arrange|make|schedule);could i (get|have|book|order|arrange|make|schedule);(looking|asking) for;order a",
    ),
    (
        I.ASK_POLICY,
        0.96,
        "(i'm|i am|my wife is|while|when|if) pregnant;under (18|16);(my |a )(5|6|7|8|9|10|11|12|13|14|15|16|17) year old;happy (ending|endings)",
    ),
    (
        I.REMOVE_ADDRESS,
        0.97,
        "(delete|remove|forget) (an |my |this |that |the |)(saved |old |home |work |hotel |)address",
    ),
    (I.ADD_ADDRESS, 0.96, "(add|save|store) (a |an |my |another |new |a new |this |)address"),
    (I.MY_ADDRESSES, 0.95, "(my |saved |my saved )addresses;(manage|show|view|list) (my |)addresses;address book"),
    (
        I.PROFILE,
        0.95,
        "my (profile|details|account|info|settings);(account|personal) (settings|details);(show|see|view|edit|change|update) my (profile|details|account)",
    ),
    (I.SET_NAME, 0.95, "(change|update|edit|correct) my name"),
    (I.SET_PHONE, 0.95, "(change|update|edit) my (phone|number|phone number|mobile|mobile number|telephone)"),
)

# A message that is nothing but one of these.
_WHOLE: tuple[tuple[I, str], ...] = (
    (I.MY_DAY, "今天的单;今天的单子;今日行程;今天行程;今天的行程;今日订单;明天的单;明天的行程;my day;my visits"),
    (I.OFF_DUTY, "下班;下班了;我下班了;收工;收工了;不接单了;off;off duty"),
    (I.ON_DUTY, "出工;出工了;上班;上班了;我上班了;我来上班了;开工;开工了;on duty"),
    (I.LEAVE, "请假;休假;休息几天;leave;holiday;time off;day off;days off"),
    (I.DEPART, "出发;出发了;我出发;在路上;在路上了;路上了;动身了;出门了;上路了;on my way;i'm on my way;omw;setting off;i've set off;heading over;i'm heading over;leaving now;i'm leaving now;on the way;i'm on the way"),
    (I.ARRIVE, "到了;我到了;已到;已到达;到达;到达了;已经到了;我已经到了;到门口了;我到门口了;到楼下了;我到楼下了;我在门口;我在门口了;我在楼下;我在楼下了;到客户家了;到顾客家了;到客人家了;到地方了;到位了;arrived;i've arrived;i have arrived;i'm here;here now;i'm at the door;at the door;i'm outside;i'm downstairs"),
    (I.BEGIN_WORK, "开始服务;开始服务了;开始了;开始计时;可以开始了;现在开始;开始做了;输开工码;输入开工码;starting now;i'm starting;start the service;start the visit;ready to start;enter the code"),
    (I.FINISH_WORK, "做完了;做完啦;做好了;完工;完工了;搞定;搞定了;弄完了;弄好了;干完了;都做完了;已经做完了;做完了可以走了;按完了;打扫完了;修好了;完成服务;服务完成;服务完成了;服务结束;服务结束了;完成了;结束了;all done;i'm done;i've finished;i have finished;i'm finished;job done;job's done;finished;the job's done;work done;done here"),
    (I.ACCEPT, "接单;接;我接;接了;接吧;我接单;我接了;这单我接;接这单;可以接;能接;accept;accept it;i accept;i'll take it;take it"),
    (I.REFUSE, "不接;不接单;不接了;我不接;这单不接;不接这单;这单我不接;拒单;拒接;拒绝;接不了;这单接不了;我接不了;turn it down;turn down;decline;refuse;reject;i can't take it"),
    (I.AFFIRM, "好;确认无误;就这样定;就这样定了;that's correct;ok的;是的没错;对没错;好的好的;行吧就这样;好的;好呀;好嘞;好滴;好哒;好吧;行;行啊;行吧;可以;可以的;可;是;是的;是啊;对;对的;对啊;对对;对对对;嗯;嗯嗯;恩;ok;okay;okk;k;o;没问题;没错;确认;确定;同意;就这样;就这样吧;就这么定;就这么定了;就它;就这个;定了;成;中;要;要的;需要;当然;好的好的;行行行;可以可以;来吧;确认下单;确认预约;没意见;下单;确认订单;yes;yes please;y;yeah;yep;yup;ya;yea;sure;sure thing;fine;that's fine;that is fine;great;perfect;correct;right;that's right;of course;absolutely;definitely;go ahead;sounds good;sounds great;looks good;good;all good;confirm;confirmed;i confirm;agreed;alright;all right;do it;let's do it;okey;okie;please do;yes that's right;yes confirm;looks right;no problem;👌;👍;✅;🆗;good to go;lovely;brilliant"),
    (I.DENY, "不;不要;不用;不用了;不了;不行;不是;不是的;不对;不可以;不好;没有;没;否;不同意;不需要;先不;no;no thanks;no thank you;nope;nah;n;not really;no way;not now;don't;wrong;incorrect;that's wrong;not yet;👎;❌;不必;免了;还是算了"),
    (I.KEEP, "不取消了;还是不取消了;别取消;别取消了;不用取消;不用取消了;不想取消了;我不想取消了;我不取消了;先不取消;先不取消了;不退了;还是不退了;don't cancel;don't cancel it;do not cancel;dont cancel;i don't want to cancel;i won't cancel;不改了;不改;不用改;不用改了;别改了;不换了;不用换了;不变;还是不改了;还是原来的;还是原来那个;还是用原来的;还是刚才那个;还是之前那个;就原来的;算了不改了;算了不换了;leave it;leave it as it is;leave it as it was;keep it;keep it as it is;keep it as it was;no change;no changes;don't change it;as it was"),
    (I.REPEAT, "什么;啥;what;sorry;huh;eh;again"),
    (I.BACK, "back;previous;return"),
    (I.MORE, "more"),
    (I.HELP, "?;??;???;怎么办;h"),
    (I.ASK_PRICE, "钱呢;几钱;价;how much"),
    (I.GOODBYE, "88;886;拜"),
    (I.CANCEL, "不请了;stop;quit;exit;退出;停;不弄了;end"),
    (I.GREET, "早;喂;hola;嘿"),
    (I.COMPLAIN, "😡;🤬;妈的;滚;shit;damn"),
    (I.HUMAN, "person;a person;机器人"),
    (I.BOOK, "约;约吗;约一下"),
)  # fmt: skip


def _compiled() -> Phrases[tuple[I, float]]:
    rows = (
        (phrase, (intent, weight))
        for intent, weight, cues in _ZH + _EN
        for cue in cues.split(";")
        for phrase in expand(cue)
    )
    best: dict[str, tuple[I, float]] = {}
    for phrase, payload in rows:
        plain = " ".join(phrase.split())
        if plain and payload[1] > best.get(plain, (payload[0], 0.0))[1]:
            best[plain] = payload
    return Phrases(best.items())


CUES = _compiled()
WHOLE: dict[str, I] = {phrase: intent for intent, phrases in _WHOLE for phrase in phrases.split(";")}
