"""What a person says to book the same visit, in Chinese and in English."""

WORDS = {
    "zh-Hans": {
        "book": "明天下午三点想约个肩颈按摩，在家",
        "option": "90分钟的",
        "address": "望京花园 3 号楼 1201",
        "who": "王师傅",
        "phone": "13800138000",
        "yes": "好的",
    },
    "en": {
        "book": "could I book a neck massage tomorrow at 3pm please",
        "option": "the 90 minute one",
        "address": "Wangjing Garden, Block 3, 1201",
        "who": "Wang",
        "phone": "+44 7700 900123",
        "yes": "yes please",
    },
}
