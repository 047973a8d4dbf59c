# SPDX-License-Identifier: GPL-3.0-or-later
"""Which things are drawn, how often, and what plain words people have for them."""

import re
from typing import Any

GROUPS = {0: 0.12, 3: 1.0, 4: 1.0, 5: 0.7, 6: 0.6, 7: 0.5}
"""Weights of Unicode's groups: 0 faces, 3 animals and plants, 4 food, 5 places, 6 activities, 7 objects; people, signs and flags
are not drawn."""
COMMON_WEIGHT = 4.0

DULL = re.compile(
    r"o’clock|-thirty|timer clock|mantelpiece clock|banknote|mahjong|playing cards|\bsuit$|symbol|hundred points|bubble|ballo?t|globe|\bmap\b|head shaking"
    r"|\banger\b|ZZZ|eye in|kiss|dizzy|dashing|hole$|sign$|chart|\bpage\b|folder|tray|mailbox|postbox|card|file|speaker|locked|with slash"
    r"|oncoming|moon face|\bnib$|receipt|placard|hamsa|microbe|prayer|kaaba|moai|coffin|headstone|urn|x-ray|cigarette|place medal"
    r"|vomit|decoration$|rosette|barber|level slider|knobs|hot springs|landslide|high voltage|waning|waxing|quarter|new moon"
    r"|arrival|departure|sweat|nazar|dna|white cane|wheelchair|identification|bookmark|notepad|ledger|woman’s|man’s|exclamation"
)
"""Signs, and things that are mostly letters or that many other things look like."""

PLAIN = {  # label: what it is called by those who type a prompt, mostly
    "red apple": ["apple", "red apple"], "closed book": ["book", "red book"], "automobile": ["car", "red car"],
    "deciduous tree": ["tree"], "evergreen tree": ["fir tree", "pine tree"], "soccer ball": ["ball", "football"],
    "wrapped gift": ["gift", "present"], "fire engine": ["fire truck"], "delivery truck": ["truck"], "locomotive": ["steam train"],
    "small airplane": ["plane", "small airplane"], "airplane": ["airplane", "plane"], "honeybee": ["bee"], "lady beetle": ["ladybug"],
    "spouting whale": ["whale"], "T-Rex": ["dinosaur", "T-Rex"], "soft ice cream": ["ice cream"], "hot beverage": ["coffee", "cup of coffee"],
    "birthday cake": ["cake", "birthday cake"], "cheese wedge": ["cheese"], "french fries": ["fries"], "tangerine": ["orange"],
    "snowman without snow": ["snowman"], "desktop computer": ["computer"], "cooked rice": ["bowl of rice"], "gem stone": ["diamond", "gem"],
    "running shoe": ["shoe", "sneaker"], "television": ["tv", "television"], "mobile phone": ["phone"], "flying saucer": ["ufo"],
    "sport utility vehicle": ["suv", "blue car"], "motor scooter": ["scooter"], "spiral shell": ["shell"], "bouquet": ["flowers", "bouquet"],
    "blossom": ["flower", "yellow flower"], "hatching chick": ["chick in an egg"], "baby chick": ["chick"], "crescent moon": ["moon"],
    "snow-capped mountain": ["mountain"], "ear of corn": ["corn"], "jack-o-lantern": ["halloween pumpkin"], "musical keyboard": ["piano"],
    "fox": ["fox"], "tent": ["tent"], "slightly smiling face": ["smiley"], "full moon": ["full moon"], "top hat": ["hat"],
    "two-hump camel": ["camel"], "closed umbrella": ["closed umbrella"], "leafless tree": ["bare tree"], "potted plant": ["plant"],
}  # fmt: skip

COMMON = set(
    "apple banana strawberry lemon pineapple watermelon tomato carrot mushroom pizza hamburger doughnut bread cookie cupcake cat dog "
    "rabbit fox bear panda penguin owl fish whale octopus turtle frog snail butterfly horse cow pig elephant lion rose tulip sunflower "
    "cactus rainbow house castle rocket bicycle bus tractor train sailboat balloon guitar violin camera key bell crown umbrella candle "
    "book basketball snowman tiger monkey chicken duck bird eagle dolphin shark crab spider bee ladybug ant snake lizard dinosaur dragon "
    "unicorn mouse wolf deer giraffe zebra kangaroo koala hedgehog camel goat sheep rooster peacock parrot flamingo swan seal jellyfish "
    "squid lobster shrimp shell tree flower leaf herb clover grapes melon orange pear peach cherries kiwi mango coconut avocado eggplant "
    "potato corn cucumber broccoli garlic onion pretzel cheese egg bacon fries sandwich taco sushi cake pie chocolate candy lollipop honey "
    "milk coffee teapot car truck taxi ambulance motorcycle scooter airplane helicopter ship boat ufo church tent mountain volcano fire "
    "star sun moon cloud snowflake drum trumpet piano microphone headphone telephone phone laptop computer television radio clock lamp bed "
    "chair door window gift teddy kite ball football trophy shoe hat dress scarf glasses ring diamond sword shield hammer axe scissors "
    "pencil paintbrush envelope bomb robot ghost alien skull smiley umbrella anchor globe telescope magnet lantern spoon fork knife bowl "
    "backpack treasure pumpkin acorn feather nest bat gorilla llama sloth otter rhinoceros hippopotamus crocodile mammoth squirrel "
    "lighthouse waffle pancakes popcorn salad soup steak tooth brain heart".split()
)


def plain_names(label: str) -> list[str]:
    """The words for it in English, the most usual first."""
    return PLAIN.get(label, [label])


def weight_of(concept: dict[str, Any]) -> float:
    """How often it is drawn; 0 for never."""
    label = concept["label"]
    weight = GROUPS.get(concept.get("group"), 0.0)
    if DULL.search(label):
        return 0.0
    return weight * COMMON_WEIGHT if COMMON & set(plain_names(label)) else weight
