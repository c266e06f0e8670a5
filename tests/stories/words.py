"""The words of the main story, in Chinese and in English: what people type and tap, and what they must see."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """One language's story."""

    lang: str
    apply: str
    sex: str
    skill: str
    region: str
    that_is_all: str
    rota: str
    send_in: str
    sent_in: str
    approved: str
    book: str
    ask_option: str
    option: str
    ask_address: str
    address: str
    technicians: str
    phone: str
    summary: tuple[str, ...]
    question: str
    answered: str
    four: str
    at_four: str
    yes: str
    pay: str
    received: str
    offer: str
    accept: str
    accepted_by_me: str
    accepted: str
    reminder_day: str
    reminder_hours: str
    my_orders: str
    listed: str
    set_out: str
    depart: str
    departed: str
    arrive: str
    arrived: str
    enter_code: str
    ask_code: str
    wrong_code: str
    started: str
    finish: str
    ask_photos: str
    enough: str
    finished_by_me: str
    finished: str
    confirm: str
    confirmed: str
    invite: str
    review: str
    overall: str
    all_alike: str
    alike: str
    say_words: str
    praise: str
    ask_photo: str
    no_photo: str
    reviewed: str
    stars: str
    orders: str
    done: str
    paid_out: str
    income: str


ZH = Words(
    lang="zh-Hans",
    apply="我想当技师",
    sex="女",
    skill="肩颈舒缓",
    region="高新区",
    that_is_all="就这些",
    rota="每天 9:00–18:00",
    send_in="提交申请",
    sent_in="已提交",
    approved="通过了",
    book="明天下午三点想约个肩颈按摩，在家",
    ask_option="要哪一种",
    option="90分钟的",
    ask_address="上门地址",
    address="望京花园 3 号楼 1201",
    technicians="能上门的",
    phone="13800138000",
    summary=("请核对", "90 分钟", "15:00–16:30", "138****8000", "服务 ¥268", "新客券 ¥20"),
    question="会带精油吗？",
    answered="精油",
    four="改成四点吧",
    at_four="16:00–17:30",
    yes="好的",
    pay="请付款",
    received="收到 ¥",
    offer="新单",
    accept="接单",
    accepted_by_me="已接单",
    accepted="接单了",
    reminder_day="提醒您",
    reminder_hours="请留意",
    my_orders="我的订单",
    listed="肩颈舒缓",
    set_out="该出发了",
    depart="我出发了",
    departed="出发了，预计",
    arrive="我到了",
    arrived="开工码",
    enter_code="输入开工码",
    ask_code="4 位开工码",
    wrong_code="还可以试 4 次",
    started="服务已开始",
    finish="完成服务",
    ask_photos="完工照片",
    enough="发好了",
    finished_by_me="辛苦了",
    finished="做完了",
    confirm="确认完成",
    confirmed="已入账",
    invite="评个分",
    review="去评价",
    overall="总体几颗星",
    all_alike="都是 5 星",
    alike="也都是 5 星吗",
    say_words="想说两句吗",
    praise="手法很好，很准时",
    ask_photo="要配张照片吗",
    no_photo="不用照片",
    reviewed="谢谢您的评价",
    stars="新评价：5 星",
    orders="我的订单",
    done="已评价",
    paid_out="已打款",
    income="我的收入",
)

EN = Words(
    lang="en",
    apply="I'd like to work with you",
    sex="female",
    skill="Neck",
    region="Gaoxin",
    that_is_all="That's all",
    rota="Every day 9:00",
    send_in="Send it in",
    sent_in="Sent",
    approved="you're in",
    book="could I book a neck massage tomorrow at 3pm please",
    ask_option="Which would you like",
    option="the 90 minute one",
    ask_address="Where shall we come",
    address="Wangjing Garden, Block 3, 1201",
    technicians="Who can come",
    phone="+44 7700 900123",
    summary=("Please check", "90 min", "15:00–16:30", "Service ¥268", "new customer offer ¥20"),
    question="do you bring oil?",
    answered="oil",
    four="no, 4pm",
    at_four="16:00–17:30",
    yes="yes please",
    pay="Please pay",
    received="received",
    offer="New visit",
    accept="Accept",
    accepted_by_me="Accepted",
    accepted="has accepted",
    reminder_day="A reminder",
    reminder_hours="is coming at",
    my_orders="my orders",
    listed="Neck and shoulder massage",
    set_out="Time to set out",
    depart="I'm on my way",
    departed="is on the way",
    arrive="I'm here",
    arrived="start code",
    enter_code="Enter the code",
    ask_code="4-digit code",
    wrong_code="4 tries left",
    started="has started",
    finish="Finish",
    ask_photos="photos of the finished work",
    enough="That's all",
    finished_by_me="Well done",
    finished="has finished",
    confirm="All done",
    confirmed="has been credited",
    invite="How was",
    review="Leave a review",
    overall="How many stars overall",
    all_alike="All 5 stars",
    alike="5 stars as well",
    say_words="Anything you'd like to say",
    praise="Lovely, and right on time",
    ask_photo="add a photo",
    no_photo="No photo",
    reviewed="Thank you for your review",
    stars="5 stars",
    orders="my orders",
    done="reviewed",
    paid_out="has been paid",
    income="my earnings",
)
