"""The closed lists of understanding: nothing outside them ever leaves this room."""

from enum import StrEnum


class IntentName(StrEnum):
    """What a person may want with one message."""

    GREET = "greet"
    GOODBYE = "goodbye"
    THANK = "thank"
    AFFIRM = "affirm"
    DENY = "deny"
    BOOK = "book"
    REBOOK = "rebook"
    BROWSE_SERVICES = "browse_services"
    BROWSE_TECHNICIANS = "browse_technicians"
    RECOMMEND = "recommend"
    ASK_PRICE = "ask_price"
    ASK_AVAILABILITY = "ask_availability"
    ASK_TECHNICIAN = "ask_technician"
    ASK_SERVICE = "ask_service"
    ASK_POLICY = "ask_policy"
    CHOOSE = "choose"
    MORE = "more"
    GIVE_TIME = "give_time"
    GIVE_ADDRESS = "give_address"
    GIVE_PHONE = "give_phone"
    GIVE_NAME = "give_name"
    CORRECT = "correct"
    KEEP = "keep"
    RESCHEDULE = "reschedule"
    CHANGE_TECHNICIAN = "change_technician"
    CANCEL = "cancel"
    REFUND = "refund"
    PAY = "pay"
    ORDER_STATUS = "order_status"
    WHERE_IS_TECHNICIAN = "where_is_technician"
    REVIEW = "review"
    COMPLAIN = "complain"
    HUMAN = "human"
    HELP = "help"
    REPEAT = "repeat"
    BACK = "back"
    LANGUAGE = "language"
    APPLY_TECHNICIAN = "apply_technician"
    MY_DAY = "my_day"
    INCOME = "income"
    WITHDRAW = "withdraw"
    EMERGENCY = "emergency"
    ERASE_ME = "erase_me"
    OUT_OF_SCOPE = "out_of_scope"


class EntityKind(StrEnum):
    """What a stretch of words may name."""

    SERVICE = "service"
    OPTION = "option"
    DURATION = "duration"
    WHEN = "when"
    TECHNICIAN = "technician"
    SEX = "sex"
    ADDRESS = "address"
    PLACE_NAME = "place_name"
    PHONE = "phone"
    ORDER_CODE = "order_code"
    ORDINAL = "ordinal"
    MONEY = "money"
    STARS = "stars"
    YES_NO = "yes_no"
    NAME = "name"
    REGION = "region"
    LANGUAGE = "language"
    ANYONE = "anyone"


class AskedKind(StrEnum):
    """What the pending question of a conversation may be about."""

    SERVICE = "service"
    OPTION = "option"
    ADDRESS = "address"
    TECHNICIAN = "technician"
    WHEN = "when"
    PHONE = "phone"
    NAME = "name"
    YES_NO = "yes_no"
    STARS = "stars"
    SEX = "sex"
    REGION = "region"
    ROTA = "rota"
    REASON = "reason"
    TEXT = "text"
    CODE = "code"
    CHOICE = "choice"


class Lang(StrEnum):
    """The languages spoken here."""

    ZH_HANS = "zh-Hans"
    ZH_HANT = "zh-Hant"
    EN = "en"


ORDER_CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
ORDER_CODE_LENGTH = 6
