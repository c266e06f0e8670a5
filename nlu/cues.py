# ruff: noqa: E501 - phrase tables read best by row
"""The words that give an intent away, of both languages in one search, and the messages that are nothing but one."""

from nlu.cues_en import ENGLISH
from nlu.cues_zh import CHINESE
from nlu.decisions import YES
from nlu.names import IntentName as I
from nlu.text import Phrases, expand

# A message that is nothing but one of these.
_WHOLE: tuple[tuple[I, str], ...] = (
    (I.MY_DAY, "今天的单;今天的单子;今日行程;今天行程;今天的行程;今日订单;明天的单;明天的行程;my day;my visits"),
    (I.OFF_DUTY, "下班;下班了;我下班了;收工;收工了;不接单了;off;off duty"),
    (I.ON_DUTY, "上工;上工了;我上工了;上线;上线了;可以接单;可以接单了;我可以接单了;出工;出工了;上班;上班了;我上班了;我来上班了;开工;开工了;on duty"),
    (I.LEAVE, "请假;休假;休息几天;leave;holiday;time off;day off;days off"),
    (I.DEPART, "出发;出发了;我出发;在路上;在路上了;路上了;动身了;出门了;上路了;走起;on my way;i'm on my way;omw;setting off;i've set off;heading over;i'm heading over;leaving now;i'm leaving now;on the way;i'm on the way"),
    (I.ARRIVE, "到了;我到了;已到;已到达;到达;到达了;已经到了;我已经到了;到门口了;我到门口了;到楼下了;我到楼下了;我在门口;我在门口了;我在楼下;我在楼下了;到客户家了;到顾客家了;到客人家了;到地方了;到位了;拢了;我拢了;arrived;i've arrived;i have arrived;i'm here;here now;i'm at the door;at the door;i'm outside;i'm downstairs"),
    (I.BEGIN_WORK, "开始服务;开始服务了;开始了;开始计时;可以开始了;现在开始;开始做了;输开工码;输入开工码;starting now;i'm starting;start the service;start the visit;ready to start;enter the code"),
    (I.FINISH_WORK, "做完了;做完啦;做好了;完工;完工了;搞定;搞定了;弄完了;弄好了;干完了;都做完了;已经做完了;做完了可以走了;按完了;打扫完了;修好了;完成服务;服务完成;服务完成了;服务结束;服务结束了;完成了;结束了;all done;i'm done;i've finished;i have finished;i'm finished;job done;job's done;finished;the job's done;work done;done here"),
    (I.ACCEPT, "接单;接;我接;接了;接吧;我接单;我接了;这单我接;接这单;可以接;能接;accept;accept it;i accept;i'll take it;take it"),
    (I.REFUSE, "不接;不接单;不接了;我不接;这单不接;不接这单;这单我不接;拒单;拒接;拒绝;接不了;这单接不了;我接不了;turn it down;turn down;decline;refuse;reject;i can't take it"),
    (I.AFFIRM, ";".join(YES)),
    (I.DENY, "不;不要;不用;不用了;不了;不行;不是;不是的;不对;不可以;不好;没有;没;否;不同意;不需要;先不;no;no thanks;no thank you;nope;nah;n;not really;no way;not now;don't;wrong;incorrect;that's wrong;not yet;👎;❌;不必;免了"),
    (I.KEEP, "不取消了;还是不取消了;别取消;别取消了;不用取消;不用取消了;不想取消了;我不想取消了;我不取消了;先不取消;先不取消了;不退了;还是不退了;don't cancel;don't cancel it;do not cancel;dont cancel;i don't want to cancel;i won't cancel;不改了;不改;不用改;不用改了;别改了;不换了;不用换了;不变;还是不改了;还是原来的;还是原来那个;还是用原来的;还是刚才那个;还是之前那个;就原来的;算了不改了;算了不换了;leave it;leave it as it is;leave it as it was;keep it;keep it as it is;keep it as it was;no change;no changes;don't change it;as it was"),
    (I.WHERE_IS_TECHNICIAN, "谁来;谁来的;确认完成;确认服务完成"),
    (I.REPEAT, "什么;啥;what;sorry;huh;eh;again"),
    (I.BACK, "back;previous;return"),
    (I.MORE, "more"),
    (I.HELP, "?;??;???;怎么办;h;菜单;主菜单;menu;main menu;the menu"),
    (I.ASK_PRICE, "钱呢;几钱;价;how much"),
    (I.ASK_POLICY, "钱什么时候到;when do i get my money back"),
    (I.GOODBYE, "88;886;拜"),
    (I.CANCEL, "不请了;stop;quit;exit;退出;停;不弄了;end"),
    (I.STOP_NEWS, "退订;t;td;回t;t退订;回复td;回复t;回td;退订通知;退订活动;不想收了;不收了;不想收到了;i said stop;屏蔽你们;屏蔽了;拉黑你们;拉黑;把你们拉黑;把你们屏蔽;取关;取关了;取消关注;别烦我;unsubscribe;unsubscribe me;opt out;stop all;no offers;no offers please;stop messages;stop the messages;don't message me;do not message me;don't text me;stop messaging me"),
    (I.LINK_ACCOUNT, "i have a code;i have a linking code;我有绑定码;我有綁定碼;输入绑定码"),
    (I.WANT_NEWS, "opt in;opt me in"),
    (I.WHERE_TOLD, "send my notifications somewhere else;where can i hear from you;where do you message me;where do you write to me;where do my notifications go;where do my messages go;通知都发到哪了;通知发哪;通知发哪了;通知发到哪"),
    (I.MY_MESSAGES, "消息;我的消息;通知;我的通知;消息中心;通知中心;有新消息吗;有没有新消息;有没有新讯息;有新讯息吗;有没有消息;刚发了什么;刚给我发了什么;what did you just send me;what did you just send;any messages for me;你们刚发了啥;你们刚发了什么;刚才发的什么;what was that message;messages;my messages;notifications;my notifications;inbox;message centre;message center"),
    (I.GREET, "早;喂;hola;嘿"),
    (I.COMPLAIN, "😡;🤬;妈的;滚;shit;damn"),
    (I.HUMAN, "person;a person;机器人"),
    (I.BOOK, "约;约吗;约一下;预约;预订;book;booking;a booking;new booking;book something;book now;book a visit;book a service;book an appointment;make a booking;make an appointment;to book;按摩;推拿;按个摩;做按摩;做个按摩;上门按摩;维修;修理;修东西;美容;做美容;美业;家政;上门服务;massage;a massage;massages;beauty;a beauty treatment;beauty treatment;repair;repairs;a repair;handyman;a handyman"),
)  # fmt: skip


def _compiled() -> Phrases[tuple[I, float]]:
    rows = (
        (phrase, (intent, weight))
        for intent, weight, cues in CHINESE + ENGLISH
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
