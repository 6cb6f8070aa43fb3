"""What ``decisions.csv`` and ``rankings/`` say of the round by hand, worked out by hand."""

from __future__ import annotations

COORDINATED = """\
person_id,offering_id,preference,qualified,points,rank,outcome,waiting_number,reason,explanation
p1,north,1,yes,4.00,3,offered,,seat-offered,-
p1,south,2,yes,,2,lapsed,,higher-wish-met,-
p2,south,1,yes,,4,offered,,seat-offered,-
p2,north,2,yes,4.50,2,lapsed,,higher-wish-met,-
p3,north,1,yes,5.00,1,offered,,seat-offered,-
p3,south,2,yes,,3,lapsed,,higher-wish-met,-
p4,south,1,yes,,1,offered,,seat-offered,-
p5,north,1,yes,3.50,5,waiting,2,seats-filled,-
p5,south,2,yes,,5,waiting,1,seats-filled,-
p6,south,1,yes,,6,waiting,2,seats-filled,-
p6,north,2,yes,4.90,6,waiting,3,seats-filled,-
p7,north,1,no,5.00,,not-qualified,,requirement-not-met,-
p8,south,1,no,,,not-qualified,,fact-not-documented,-
p9,north,1,yes,4.00,4,waiting,1,tie-lost,-
"""

# p1 and p2 changed places: p1 wants north more, and would be next in line there; p2 south.
PESSIMAL = (
    COORDINATED.replace("p1,north,1,yes,4.00,3,offered,,seat-offered", "p1,north,1,yes,4.00,3,A")
    .replace("p1,south,2,yes,,2,lapsed,,higher-wish-met", "p1,south,2,yes,,2,offered,,seat-offered")
    .replace("p2,south,1,yes,,4,offered,,seat-offered", "p2,south,1,yes,,4,waiting,1,seats-filled")
    .replace("p2,north,2,yes,4.50,2,lapsed,,higher-wish-met", "p2,north,2,yes,4.50,2,B")
    .replace(",3,A", ",3,waiting,1,seats-filled")
    .replace(",2,B", ",2,offered,,seat-offered")
    .replace("5,waiting,2,seats-filled", "5,waiting,3,seats-filled")
    .replace("5,waiting,1,seats-filled", "5,waiting,2,seats-filled")
    .replace("p6,south,1,yes,,6,waiting,2", "p6,south,1,yes,,6,waiting,3")
    .replace("p6,north,2,yes,4.90,6,waiting,3", "p6,north,2,yes,4.90,6,waiting,4")
    .replace("waiting,1,tie-lost", "waiting,2,seats-filled")
)

# With a seat at north reserved for tromso, p5 gets it. Then p3 has the other, p1 and p4 have south,
# and p2 has nothing: behind p3 at north, behind both at south.
RESERVED = """\
person_id,offering_id,preference,qualified,points,rank,outcome,waiting_number,reason,explanation
p1,north,1,yes,4.00,3,waiting,2,limit-reached,-
p1,south,2,yes,,2,offered,,seat-offered,-
p2,south,1,yes,,4,waiting,1,seats-filled,-
p2,north,2,yes,4.50,2,waiting,1,limit-reached,-
p3,north,1,yes,5.00,1,offered,,seat-offered,-
p3,south,2,yes,,3,lapsed,,higher-wish-met,-
p4,south,1,yes,,1,offered,,seat-offered,-
p5,north,1,yes,3.50,5,offered,,seat-offered,-
p5,south,2,yes,,5,lapsed,,higher-wish-met,-
p6,south,1,yes,,6,waiting,2,seats-filled,-
p6,north,2,yes,4.90,6,waiting,4,seats-filled,-
p7,north,1,no,5.00,,not-qualified,,requirement-not-met,-
p8,south,1,no,,,not-qualified,,fact-not-documented,-
p9,north,1,yes,4.00,4,waiting,3,limit-reached,-
"""

# Independent, three offers each, two rounds of calls. First north calls p3 p2 p1, south p4 p1 p3:
# p1 and p3 keep north. Then south calls p2 and p5; p2 leaves north, and nobody is called there.
INDEPENDENT = """\
person_id,offering_id,preference,qualified,points,rank,outcome,waiting_number,reason,explanation
p1,north,1,yes,4.00,3,offered,,seat-offered,-
p1,south,2,yes,,2,declined,,offer-released,-
p2,south,1,yes,,4,offered,,seat-offered,-
p2,north,2,yes,4.50,2,declined,,offer-released,-
p3,north,1,yes,5.00,1,offered,,seat-offered,-
p3,south,2,yes,,3,declined,,offer-released,-
p4,south,1,yes,,1,offered,,seat-offered,-
p5,north,1,yes,3.50,5,waiting,2,not-called,-
p5,south,2,yes,,5,offered,,seat-offered,-
p6,south,1,yes,,6,waiting,1,seats-filled,-
p6,north,2,yes,4.90,6,waiting,3,not-called,-
p7,north,1,no,5.00,,not-qualified,,requirement-not-met,-
p8,south,1,no,,,not-qualified,,fact-not-documented,-
p9,north,1,yes,4.00,4,waiting,1,not-called,-
"""

# rank, person, service, qualified, slot?, ECTS, sector tier, grade or years (in hundredths)
NORTH = """\
rank,person_id,service_id,qualified,bachelor,sector,grade,lottery
1,p3,s2,yes,1,2,500,{p3}
2,p2,s1,yes,1,2,450,{p2}
3,p1,s1,yes,1,2,400,{p1}
4,p9,s3,yes,1,2,400,{p9}
5,p5,s1,yes,1,2,350,{p5}
6,p6,,yes,1,1,490,{p6}
,p7,s2,no,0,2,500,{p7}
"""
SOUTH = """\
rank,person_id,service_id,qualified,bachelor,sector,years,lottery
1,p4,s2,yes,1,2,900,{p4}
2,p1,s1,yes,1,2,600,{p1}
3,p3,s2,yes,1,2,400,{p3}
4,p2,s1,yes,1,2,300,{p2}
5,p5,s1,yes,1,2,100,{p5}
6,p6,,yes,1,1,1000,{p6}
,p8,s3,no,0,2,0,{p8}
"""
