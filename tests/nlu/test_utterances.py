# ruff: noqa: E501 - one saying to a line
"""Sayings nobody trained on, in the ways people type them: of every hundred at least ninety-five are understood."""

from collections.abc import Callable

import pytest

from nlu import Understanding

Read = Callable[..., Understanding]

_ENOUGH = 0.95

_CHINESE = """
greet: 老板在么 | 嗨嗨嗨 | 晚上好呀朋友 | hello有人在线吗
goodbye: 先不聊了拜拜 | 我去忙了下次再说 | 好梦
thank: 谢谢您嘞 | 太感谢了真的 | 多谢多谢，辛苦你们了
affirm: 没毛病 | 妥 | 就照你说的办 | 嗯嗯可以的呢
deny: 算了吧不用 | 不太想 | 没必要 | 不是这样的
choose: 那就中间那个吧 | 选头一个 | 我要最便宜的那档 | 随便哪位师傅都成
more: 还有没别的可选 | 再往下翻翻 | 这几个都不喜欢，换几个看看
repeat: 刚刚说的啥没看到 | 麻烦再讲一次 | 你说的我没明白
back: 回到前面那步 | 点错了退回去 | 上一层
keep: 那就先别动了，按原来的来 | 我改主意了，单子留着 | 别给我退，照常来
book: 想请个阿姨来家打扫卫生 | 后天上午来修一下水龙头呗 | 给我妈约个足疗，周日下午 | 整个全身按摩，今晚十点，在如家酒店302 | 家里地毯该洗了，约个时间 | 门锁坏了打不开，来个师傅
rebook: 跟上回一模一样再来一单 | 还按上次那样约 | 上个月那个套餐重新来一遍
browse_services: 你家都干些什么活 | 都能上门做啥呀 | 服务清单给我看看
browse_technicians: 你们有几个女按摩师 | 把师傅名单给我看看 | 附近都有谁能来
recommend: 腰酸背痛做哪个好 | 第一次来不知道点什么，帮忙挑 | 哪位师傅手艺最好
ask_price: 做一次脸得多少银子 | 保洁一小时啥价 | 打车费我出还是你们出，要多少 | 有没有新人立减
ask_availability: 李师傅后天还有档期不 | 今儿晚上还排得上吗 | 最近的空档是啥时候 | 周末下午约得到人吗
ask_technician: 这个师傅干几年了 | 来的是男是女啊 | 陈姐手法重不重 | 师傅有没有健康证
ask_service: 做完脸当天能化妆吗 | 深度保洁擦不擦玻璃 | 需要我提前准备点什么 | 按的时候疼吗
ask_policy: 临时取消会扣钱不 | 你们管不管通州那片 | 可以开公司抬头的发票吗 | 我怎么知道你不是骗子 | 最晚几点还能上门
give_time: 那就明晚八点 | 下午三四点吧 | 我周六才有空
give_address: 我住望京西园三区305楼 | 送到公司来，国贸三期 | 在我妈家，定慧寺东里8号楼
give_phone: 打我这个号13800138021 | 联系电话一三八零零一三八零零七
give_name: 鄙姓欧阳 | 就写张太太吧 | 叫我阿华就成
correct: 刚才地址打错一个字，是5单元不是6单元 | 我要的是足疗，不是全身 | 时间写错了应该是下午
reschedule: 师傅能往后挪一个钟头不 | 我明天有会，单子改到后天行不 | 已经约好的那个能提前半小时吗
change_technician: 别让上次那个来了，换一个 | 想换个手劲大点的师傅 | 能不能派个女的过来替他
cancel: 临时有事去不了，帮我撤了吧 | 那单不要了哈 | 今天的就别过来了，不做了
refund: 没做成，钱得退我吧 | 多扣的二十块退回来 | 什么都没干凭啥收钱，退
pay: 我扫码付过了 | 付款的二维码发我一下 | 现在把钱转给你们
order_status: 我那个下单成功没 | 帮我瞅瞅约上没有 | 我订的是几号来着
where_is_technician: 师傅走到哪儿啦 | 都过点了人还没影 | 还得等几分钟 | 派的谁来啊今天
review: 手法真不错必须五星 | 我要给李娜写个好评 | 四颗星吧，略有不足
complain: 地都没拖干净就走了 | 你们什么态度啊，气死我了 | 指甲做得歪七扭八 | 把我家柜子磕掉一块漆
human: 叫个活人出来说话 | 有没有客服电话 | 让你们主管联系我
help: 这个咋用 | 你都会干啥 | 新手不会弄，教教我
language: 能讲粤语吗 | 说英文行不行 | switch to english 谢谢
emergency: 他把我堵屋里不让出门 | 家里闻到煤气味了 | 师傅对我动手动脚 | 老人晕过去了快叫救护车
erase_me: 把我在你们这的信息都清了 | 我要销号，资料别留
out_of_scope: 今天股票涨了没 | 给我讲个笑话 | 帮我写篇作文 | 从这到机场怎么走 | 你有女朋友吗 | 哈哈哈哈哈笑死
my_messages: 你们发过的通知我想再看看 | 消息在哪儿看呀 | 有没有给我发过放假通知
want_news: 以后有优惠记得跟我讲 | 打折了告诉我一声呗 | 有新活动麻烦推给我
stop_news: 不要再给我发优惠广告 | 我不要收广告 | 別發活動了 | 回T
my_addresses: 我都存了哪些地址 | 看下我的常用地址
add_address: 帮我新存一个地方，奶奶家 | 再添一个公司地址
remove_address: 老房子那个地址不要了删掉 | 把存的公司地址去掉
profile: 看看我的个人信息 | 我资料在哪看
set_name: 以后称呼我林小姐 | 把我的名字换一下
set_phone: 我换手机号了，帮忙更新下 | 绑定的电话改成新的
apply_technician: 我会推拿想到你们这干活 | 你们还缺保洁不 | 怎么成为你们的师傅
my_day: 我今儿都有哪些单 | 明天第一个客户在哪 | 下个客人的电话给我
my_week: 这礼拜我一共几单 | 下周的活都有啥
my_rota: 我这个月班怎么排的 | 看下我哪天上班
change_rota: 以后周三我不上了 | 我的班想从早班调到晚班
offers: 现在有没有活可以抢 | 有新派的单吗
accept: 这个我去 | 行这活我接
refuse: 这单太远去不了不接 | 给别人吧我做不了
depart: 出门了往客户那走 | 骑上车了正过去
arrive: 已经到客户小区门口 | 我人在楼下了
begin_work: 客户开门了，我开始干了 | 正式开工计时
finish_work: 活干完了 | 这边都收拾好结束了
income: 这个月我挣了多少 | 昨天那几单到手多少
withdraw: 把余额提到我银行卡 | 我要提500出来
off_duty: 今天累了不接了，下线 | 今天就干到这
on_duty: 我上线了可以派单 | 开始接活了
leave: 家里有事想请两天假 | 下周一到周三我要休息
end_leave: 假不休了，提前回来上班 | 我销个假
"""

_ENGLISH = """
greet: heya | good evening to you | hi is this thing on | afternoon!
goodbye: right i'm off, bye | talk later | night night
thank: cheers pal | that's so kind of you thank you | thx a bunch
affirm: spot on | yeah that works for me | go on then | yup, all correct
deny: no that's not it | i'd rather not | nah you're alright
choose: i'll have the middle one | the cheapest please | whoever, i'm easy | number 2 it is
more: anything else? | got any others i can look at | none of these, show me more
repeat: didn't quite catch that | say what now? | can you say that once more
back: take me back a step | oops wrong button, go back | previous page
keep: scrap that, leave my booking alone | actually don't cancel, i'll have it | keep things as they are please
book: could someone pop round to fix my tap on friday | need a cleaner for tomorrow morning, 3 bed flat | id like my nails doing saturday at 2 | can you send a locksmith asap, i'm at 12 Albert Road | fancy a foot massage tonight about 9 | get me a 90 min full body massage on Sunday with Mia
rebook: exact same thing as my last visit please | can we do a repeat of last month's | usual appointment again
browse_services: what sort of stuff do you guys do | do you have a list of treatments | what's available to book
browse_technicians: who've you got doing massages | let me see your cleaners | list of your female therapists
recommend: what would you go for with a stiff neck | can't decide, you choose something for me | who's your top rated person
ask_price: what would a deep clean set me back | is travel extra and how much | any money off for first timers | price of lashes?
ask_availability: is Tom about on thursday | can anyone come in the next hour | what's your soonest | do you have a gap saturday pm
ask_technician: is she any good | how long's he been doing it | will it be a bloke or a lady | does mia have any qualifications
ask_service: will it hurt | do i need to supply the cleaning stuff | does a deep clean cover the oven | how long should i set aside for lashes
ask_policy: what if i need to call it off on the day | do you lot come out to Croydon | can i get a VAT receipt | is this a bot or a human | how late do you work
give_time: half seven would be great | any time after lunch on tuesday | the 28th then
give_address: i'm at 5 Garden Lane, top buzzer | Flat 2, 40 Old Street, EC1V | come to my mum's, 9 Elm Grove
give_phone: you can reach me on 07700 900321 | mobile is +44 7700 900456
give_name: it's Priya | put it under Mr O'Neill | you can call me Dave
correct: oops meant 6 not 5 | hang on that's the wrong postcode | i said manicure not facial
reschedule: something's come up, can we do it friday instead of my thursday booking | shift my appointment forward an hour | could we push tomorrow's visit to next week
change_technician: can i have somebody different this time | please don't send him again | swap Tom for a woman
cancel: won't be needing it any more, please call it off | bin my booking | can't make it tomorrow so please scrap it
refund: i want what i paid back | nobody turned up so give me my money back | you took payment twice, return one
pay: just sent the money | how do i settle up, send me the link | ready to pay now
order_status: did my booking go through | what time was i booked for again | has someone picked up my job
where_is_technician: any sign of the cleaner | he was meant to be here at 2 | how many minutes away are they | who are you sending
review: five stars, she was brilliant | i'd like to leave feedback for Chen | 3 out of 5, bit rushed
complain: your guy left a mess everywhere | my nails chipped after a day, not impressed | this is a joke, worst service ever | he scratched my floor
human: get me someone real | is there a number i can ring | let me speak to your boss
help: how do i work this | what are you able to do | i'm new here, what do i do
language: can we do this in chinese | 讲中文可以吗 | english please
emergency: he won't let me out of the flat | i can smell gas | she's collapsed, send an ambulance | your masseur touched me and i'm scared
erase_me: wipe everything you have about me | i want my account gone for good
out_of_scope: what's the capital of peru | tell me something funny | who won the match last night | can you write my essay | do you love me | lol ok whatever haha
my_messages: where do i find my messages | show me my notifications please | what messages have i had from you
want_news: text me when there's an offer on | i'd like to get your offers | let me know about any discounts
stop_news: please stop the ads | take me off your mailing list | i don't want any more of your offers
my_addresses: which addresses have you got for me | show me the places i've saved
add_address: save my new flat as an address | put my office in my addresses
remove_address: i've moved, get rid of the old address | drop the hotel from my saved addresses
profile: what info do you have on my profile | open my account page
set_name: i got married, change my surname | please call me Alex from now on
set_phone: i've a new mobile, can you update it | swap the number on my account
apply_technician: i'm a nail tech looking for work | do you have any vacancies for cleaners | how do i sign up to work with you
my_day: what jobs have i got today | what's the address for my next client | who am i seeing first tomorrow
my_week: what's my week looking like | how many visits have i got this week
my_rota: what shifts am i on | when am i working this month
change_rota: i can't do mondays any more | move my shifts to evenings
offers: anything going i can pick up | any work about
accept: yep i'll do that job | put me down for it, i'll take that one
refuse: too far for me, pass on that one | can't take this job
depart: just left, heading there now | in the car on my way to the client
arrive: i'm outside their house | got here
begin_work: client's let me in, getting started | clock's running, starting the job
finish_work: that's me finished here | all wrapped up with the client
income: what have i made this month | how much did yesterday's jobs bring in
withdraw: send my balance to my bank | i'd like to take out £200 of my earnings
off_duty: i'm calling it a day | no more for me tonight, signing off
on_duty: i'm good to go for jobs now | back online, send me work
leave: need next week off | can i book a couple of days' holiday
end_leave: i'm back from holiday early | cancel my time off, i can work
"""


def _sayings(table: str) -> list[tuple[str, str]]:
    rows = (line.split(": ", 1) for line in table.strip().splitlines())
    return [(intent, saying.strip()) for intent, sayings in rows for saying in sayings.split(" | ")]


@pytest.mark.parametrize(("lang", "table"), [("zh-Hans", _CHINESE), ("en", _ENGLISH)])
def test_what_people_say_in_their_own_words_is_understood(read: Read, lang: str, table: str) -> None:
    sayings = _sayings(table)
    missed = [
        (saying, intent, understood.intent)
        for intent, saying in sayings
        if (understood := read(saying, lang=lang)).intent != intent
    ]
    assert len(missed) <= (1 - _ENOUGH) * len(sayings), missed
