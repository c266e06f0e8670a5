"""What people in London and New York type about times, each with what the desk would write down."""

DAYS = """
last friday of the month -> on 11-27
Christmas Eve -> on 12-24
Black Friday -> on 11-27
in a fortnight -> on 12-07
a fortnight today -> on 12-07
in two weeks time -> on 12-07
a week tomorrow -> on 12-01
a week from Friday -> on 12-04
3 days from now -> on 11-26
in a couple of days -> on 11-25
the Friday after next -> on 12-11
Friday this week -> on 11-27
nxt fri -> on 12-04
tmrw -> on 11-24
25th novmber -> on 11-25
2026-11-25 -> on 11-25
25-11-2026 -> on 11-25
twenty fifth of november -> on 11-25
25 Nov 2026 -> on 11-25
25-Nov -> on 11-25
the 25th, Wednesday -> on 11-25
not tomorrow, Friday -> on 11-27
tomorrow, no, Friday -> on 11-27
for 2 people tomorrow -> on 11-24
Saturday any time after lunch -> on 11-28
any time Saturday -> on 11-28
29.11.26 -> on 11-29
on the 29th -> on 11-29
Nov. 29 -> on 11-29
this coming Sunday -> on 11-29
Monday -> on 11-23
in 5 days -> on 11-28
in a week or so -> on 11-30
no not Tuesday, Thursday -> on 11-26
Tuesday, I mean Thursday -> on 11-26
Tuesday doesn't work, Thursday? -> on 11-26
on 25. November -> on 11-25
25 of november -> on 11-25
at the 25 november -> on 11-25
the 25 of this month -> on 11-25
25th of next month -> on 12-25
1st of the month -> on 12-01
yesterday -> on 11-22
last Friday -> on 11-20
Tuesday no Wednesday -> on 11-25
sorry I meant next Friday -> on 12-04
Friday the 4th, not this Friday -> on 12-04
instead of Tuesday can I have Thursday -> on 11-26
for the 24th please -> on 11-24
on 4/12/26 -> on 12-04
three weeks on Saturday -> on 12-19
a month today -> on 12-23
in six weeks -> on 2027-01-04
in ten days -> on 12-03
a few days' time -> on 11-26
Xmas Day -> on 12-25
last Saturday in January -> on 2027-01-30
Wednesday early doors -> on 11-25
crack of dawn tomorrow -> on 11-24
Is June free tomorrow -> on 11-24
"""
"""Whole days, said at ten on Monday 23 November 2026 in London."""

HOURS = """
first Monday of December at 3pm -> at 12-07 15:00
nye 4pm -> at 12-31 16:00
Tuesday next week at 11 -> at 12-01 11:00
2nite at 8 -> at 11-23 20:00
3oclock -> time 11-23 15:00
3rd decemeber 5pm -> at 12-03 17:00
half-past six -> time 11-23 18:30
quarter past 7 tonight -> at 11-23 19:15
twenty-five to three -> time 11-23 14:35
7-ish tonight -> at 11-23 19:00
630pm -> time 11-23 18:30
6 P.M -> time 11-23 18:00
19.30 tomorrow -> at 11-24 19:30
tomorrow 1030 -> at 11-24 10:30
seven pm -> time 11-23 19:00
noon on Thursday -> at 11-26 12:00
12am tomorrow -> at 11-24 00:00
25.11. at 7 -> at 11-25 19:00
2026-11-25 15:00 -> at 11-25 15:00
Saturday 5 December at noon -> at 12-05 12:00
no wait, 5 not 6 -> time 11-23 17:00
Tuesday at 3 - sorry, Wednesday -> at 11-25 15:00
in an hour -> at 11-23 11:00
2 hours from now -> at 11-23 12:00
now please -> at 11-23 10:00
can I do weds at 6 -> at 11-25 18:00
tomorrow night 9 -> at 11-24 21:00
today 4:30 -> at 11-23 16:30
29 Nov at 10.30am -> at 11-29 10:30
the 29th around 10ish -> at 11-29 10:00
1st of Jan at 2 -> at 2027-01-01 14:00
Monday 9am -> at 11-23 09:00
half 12 tomorrow -> at 11-24 12:30
noonish -> time 11-23 12:00
at about half nine tonight -> at 11-23 21:30
7pm or thereabouts -> time 11-23 19:00
8 this evening -> at 11-23 20:00
in 2hrs time -> at 11-23 12:00
in 90 minutes -> at 11-23 11:30
in five days at 3pm -> at 11-28 15:00
the sooner the better -> at 11-23 10:00
not 3pm, 4pm -> time 11-23 16:00
tomorrow afternoon 3 oclock pm -> at 11-24 15:00
at 15h -> time 11-23 15:00
I need someone now -> at 11-23 10:00
can we do 5 instead -> time 11-23 17:00
sunday morning 11ish -> at 11-29 11:00
8 in the morning on Thursday -> at 11-26 08:00
Please tomorrow in 10 o'clock -> at 11-24 10:00
could it be tomorrow? around 5 maybe -> at 11-24 17:00
Wed@7pm -> at 11-25 19:00
18.00 weds -> at 11-25 18:00
five-thirty tomorrow -> at 11-24 17:30
4pm no wait 5pm -> time 11-23 17:00
flat 3, 22 High Street, tomorrow at 4 -> at 11-24 16:00
me and 3 friends, Saturday at 1 -> at 11-28 13:00
My train gets in at 4, so 5:30pm please -> time 11-23 17:30
Fri 4.12. 19:00 -> at 12-04 19:00
Saturday week, 11am -> at 12-05 11:00
8am sharp tomorrow -> at 11-24 08:00
tomorrow 7.15 -> at 11-24 19:15
ten in the evening -> time 11-23 22:00
eleven at night -> time 11-23 23:00
20 to 8 tonight -> at 11-23 19:40
"""
"""Clock times, with a day or without."""

STRETCHES = """
in December -> 12-01 00:00 to 2027-01-01 00:00
mid December -> 12-11 00:00 to 12-21 00:00
start of next month -> 12-01 00:00 to 12-06 00:00
the first week of December -> 12-01 00:00 to 12-08 00:00
before christmas -> 11-23 10:00 to 12-25 00:00
weekend after next -> 12-12 00:00 to 12-14 00:00
tommorow morning -> 11-24 06:00 to 11-24 12:00
8-10am tomorrow -> 11-24 08:00 to 11-24 10:00
9 to 11 in the morning -> 11-24 09:00 to 11-24 11:00
from 1 to 3 on Sunday -> 11-29 13:00 to 11-29 15:00
11-1 tomorrow -> 11-24 11:00 to 11-24 13:00
2pm until 5pm today -> 11-23 14:00 to 11-23 17:00
tonight between 6 and 8 -> 11-23 18:00 to 11-23 20:00
by Friday 5pm -> 11-27 00:00 to 11-27 17:00
by 5 -> 11-23 10:00 to 11-23 17:00
tomorrow any time after 3 -> 11-24 15:00 to 11-25 00:00
past 6 -> 11-23 18:00 to 11-24 00:00
no later than 6 -> 11-23 10:00 to 11-23 18:00
after 3 but before 6 -> 11-23 15:00 to 11-23 18:00
in the next two days -> 11-23 00:00 to 11-25 00:00
in the next 30 mins -> 11-23 10:00 to 11-23 10:30
late Friday afternoon -> 11-27 15:00 to 11-27 18:00
mid morning tomorrow -> 11-24 09:00 to 11-24 11:00
lunchtime tomorrow -> 11-24 11:00 to 11-24 14:00
16-20 December -> 12-16 00:00 to 12-21 00:00
next mon morning -> 11-30 06:00 to 11-30 12:00
sometime tomorrow afternoon -> 11-24 12:00 to 11-24 18:00
Friday from 5pm -> 11-27 17:00 to 11-28 00:00
Friday, not before 5pm -> 11-27 17:00 to 11-28 00:00
after half past 6 tonight -> 11-23 18:30 to 11-23 23:00
after 5 any day this week -> 11-23 17:00 to 11-24 00:00
from tomorrow to Friday -> 11-24 00:00 to 11-28 00:00
end of next week -> 12-04 00:00 to 12-07 00:00
some time this week -> 11-23 00:00 to 11-30 00:00
early Jan -> 2027-01-01 00:00 to 2027-01-11 00:00
around lunchtime on Friday -> 11-27 11:00 to 11-27 14:00
within the next hour -> 11-23 10:00 to 11-23 11:00
next few days -> 11-23 00:00 to 11-26 00:00
in the evening of Friday -> 11-27 18:00 to 11-27 23:00
the tomorrow morning -> 11-24 06:00 to 11-24 12:00
thurs late evening -> 11-26 20:00 to 11-26 23:00
could you fit me in on the 28th between 10 and 12 -> 11-28 10:00 to 11-28 12:00
it's urgent, within the next half hour if possible -> 11-23 10:00 to 11-23 10:30
can't do before 5 -> 11-23 17:00 to 11-24 00:00
Wed, 7 - 8pm -> 11-25 19:00 to 11-25 20:00
Monday 30th - Wednesday 2nd -> 11-30 00:00 to 12-03 00:00
all weekend -> 11-28 00:00 to 11-30 00:00
end of the week -> 11-27 00:00 to 11-30 00:00
before tonight -> 11-23 10:00 to 11-23 18:00
after next week -> 12-07 00:00 to any
I can be home by quarter to six on Friday -> 11-27 00:00 to 11-27 17:45
what about the week of the 7th -> 12-07 00:00 to 12-14 00:00
the 3rd of December, any time after 5 -> 12-03 17:00 to 12-04 00:00
mid Jan -> 2027-01-11 00:00 to 2027-01-21 00:00
Sunday, late morning -> 11-29 10:00 to 11-29 12:00
mid afternoon Wednesday -> 11-25 14:00 to 11-25 16:00
1-4 Weds -> 11-25 13:00 to 11-25 16:00
wed 1pm til 4 -> 11-25 13:00 to 11-25 16:00
Friday noon onwards -> 11-27 12:00 to 11-28 00:00
tomorrow up until 2 -> 11-24 00:00 to 11-24 14:00
Saturday morning before 11 -> 11-28 06:00 to 11-28 11:00
not after 9pm tonight -> 11-23 18:00 to 11-23 21:00
"""
"""Stretches of time: parts of day, weeks, months, from and to."""

SEVERAL = """
Sat or Sun pm -> 11-28 12:00 to 11-28 18:00 + 11-29 12:00 to 11-29 18:00
Sat or Sun -> on 11-28 + on 11-29
tomorrow at 3 or 4 -> at 11-24 15:00 + at 11-24 16:00
tomorrow morning or afternoon -> 11-24 06:00 to 11-24 12:00 + 11-24 12:00 to 11-24 18:00
two hours from 3 -> 120 min + time 11-23 15:00
move my 3 o'clock tomorrow to 4 -> at 11-24 15:00 + at 11-24 16:00
the 3rd or 4th of December -> on 12-03 + on 12-04
tomorrow or the day after -> on 11-24 + on 11-25
tomorrow or Wednesday -> on 11-24 + on 11-25
mon, tue or wed evening -> 11-23 18:00 to 11-23 23:00 + 11-24 18:00 to 11-24 23:00 + 11-25 18:00 to 11-25 23:00
Tues/Thurs -> on 11-24 + on 11-26
now or in an hour -> at 11-23 10:00 + at 11-23 11:00
60 min massage tomorrow 6 -> 60 min + at 11-24 18:00
3 hours tomorrow from 10 -> 180 min + at 11-24 10:00
reschedule from Tuesday to Thursday -> on 11-24 + on 11-26
an hour tonight at 9 -> 60 min + at 11-23 21:00
90 mins on Thursday starting at 6 -> 90 min + at 11-26 18:00
three hours on friday morning -> 180 min + 11-27 06:00 to 11-27 12:00
2h tomorrow at 14h -> 120 min + at 11-24 14:00
6 or 7 tonight -> at 11-23 18:00 + at 11-23 19:00
either Saturday or Sunday -> on 11-28 + on 11-29
Friday 5pm or Saturday any time -> at 11-27 17:00 + on 11-28
change from 3 to 4 -> time 11-23 15:00 + time 11-23 16:00
tomorrow or Thursday afternoon -> 11-24 12:00 to 11-24 18:00 + 11-26 12:00 to 11-26 18:00
2 hr session tomorrow 5-7pm -> 120 min + 11-24 17:00 to 11-24 19:00
a two hour clean on the 2nd -> 120 min + on 12-02
3/4pm tomorrow -> at 11-24 15:00 + at 11-24 16:00
Sat and Sun mornings -> 11-28 06:00 to 11-28 12:00 + 11-29 06:00 to 11-29 12:00
"""
"""More than one time, or a time and a length."""

LENGTHS = """
an hour and a half -> 90 min
1.5 hrs -> 90 min
90 mins -> 90 min
two hours -> 120 min
1hr 30 -> 90 min
two and a half hours -> 150 min
one and a half hours -> 90 min
hour and a half massage -> 90 min
a couple of hours -> 120 min
an hour long massage -> 60 min
45 mins -> 45 min
three quarters of an hour -> 45 min
1½ hours -> 90 min
two hour slot -> 120 min
1 hour and 30 mins -> 90 min
1h 30m -> 90 min
make it 90 minutes instead -> 90 min
for 1 hour 45 -> 105 min
an hour and three quarters -> 105 min
ninety minutes -> 90 min
thirty mins -> 30 min
75 mins -> 75 min
"""
"""How long a visit lasts."""

NOT_TIMES = """
are you open on bank holidays ->
merry christmas! ->
each Friday at 5 ->
do you work weekends ->
evenings are best ->
table for 4 ->
I sat down ->
flat 12 ->
the 2nd floor ->
between 2 and 3 people ->
in the new year ->
after the new year ->
how soon can you come ->
from now on ->
by now ->
open 24 hours ->
call me at 07700 900123 ->
I'm at 14 Baker Street ->
I have 2 dogs ->
she was here at last time ->
top floor, 3rd door ->
the 1st option ->
could you march over here ->
the sun is out ->
one of the girls ->
at first ->
1 of 2 ->
a quarter of the price ->
where is he now ->
change my rating to 4 ->
my nails chipped after two days ->
I've been waiting 20 minutes ->
good evening ->
quarter to ->
no I meant pm ->
can I have the 2nd one ->
my 2nd visit ->
room 1201 ->
call after 2 rings ->
is 50 the price ->
10 minutes away ->
I had one last March ->
march in and fix it ->
just a second ->
wait a min ->
"""
"""Words that only look like a time."""

NO_SUCH = """
31 April -> none: 31 April
30th of February at 3 -> none: 30th of February at 3
tomorrow at 25:00 -> none: tomorrow at 25:00
31/11 -> none: 31/11
feb 30th at 3pm -> none: feb 30th at 3pm
31 Sept -> none: 31 Sept
25 o'clock -> none: 25 o'clock
at 3:75 -> none: 3:75
2026-02-30 -> none: 2026-02-30
Feb 30 or 31 -> none: Feb 30 or 31
the 31st of September -> none: the 31st of September
29/2/2027 -> none: 29/2/2027
"""
"""Days and hours there are not."""

ANSWERS = """
Could we say 3? -> time 11-23 15:00
5 or 6 -> time 11-23 17:00 + time 11-23 18:00
I'd prefer 4 if possible -> time 11-23 16:00
half 7 -> time 11-23 19:30
2-4 -> 11-23 14:00 to 11-23 16:00
the 25th at 3 works -> at 11-25 15:00
ten thirty -> time 11-23 10:30
four please -> time 11-23 16:00
after 6 -> 11-23 18:00 to 11-24 00:00
a bit earlier ->
anytime really -> 11-23 10:00 to any
sat 2 -> at 11-28 14:00
tomorrow, 4? -> at 11-24 16:00
any evening -> 11-23 18:00 to 11-23 23:00
yes 8 is ok -> time 11-23 20:00
1-2 -> 11-23 13:00 to 11-23 14:00
4... no 5 -> time 11-23 17:00
20 past 4 -> time 11-23 16:20
as early as possible -> at 11-23 10:00
evening, about 7 -> time 11-23 19:00
Fri -> on 11-27
4 till 6 works -> 11-23 16:00 to 11-23 18:00
6.30 -> time 11-23 18:30
6 30 -> time 11-23 18:30
the earlier the better -> at 11-23 10:00
whenever you can -> 11-23 10:00 to any
no idea yet ->
12 -> time 11-23 12:00
24 -> on 11-24
tonight please, 8 -> at 11-23 20:00
"""
"""Short answers where a time was asked."""

NEW_YORK = """
11/25 15:00 -> at 11-25 15:00
12/3 -> on 12-03
Dec 3rd 3 PM -> at 12-03 15:00
Thanksgiving -> on 11-26
quarter of five -> time 11-23 16:45
Friday night at 8:30 -> at 11-27 20:30
Monday thru Wednesday -> 11-23 00:00 to 11-26 00:00
4th of July -> on 2027-07-04
12/25 -> on 12-25
1/2 at 3pm -> at 2027-01-02 15:00
a week from Monday -> on 11-30
tomorrow, 5-ish -> at 11-24 17:00
noon-ish on Sunday -> at 11-29 12:00
in the a.m. tomorrow -> 11-24 06:00 to 11-24 12:00
"""
"""The same in New York, where the month goes first."""

LATER = """
?@22:30 10 -> time 11-24 10:00
@22:30 at 10 -> time 11-24 10:00
@22:30 in the morning -> 11-24 06:00 to 11-24 12:00
@22:30 this afternoon -> 11-23 12:00 to 11-23 18:00
?@22:30 afternoon -> 11-24 12:00 to 11-24 18:00
@22:30 tonight at 1 -> at 11-24 01:00
@22:30 half 11 tonight -> at 11-23 23:30
@22:30 1am -> time 11-24 01:00
@17:00 at 4 -> time 11-24 16:00
@17:00 tonight at 6 -> at 11-23 18:00
@17:00 later today -> on 11-23
@02:00 tonight -> 11-23 18:00 to 11-23 23:00
@02:00 tomorrow at 9 -> at 11-24 09:00
@02:00 at 9 -> time 11-23 09:00
@12:30 at 1 -> time 11-23 13:00
@20:00 9 ->
@20:00 10am -> time 11-24 10:00
@20:00 at 10 -> time 11-23 22:00
"""
"""Said at another hour of that Monday; a question mark tells that a time was asked."""
