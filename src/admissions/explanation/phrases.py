"""The sentences of a decision, in the three languages."""

from __future__ import annotations

from admissions.explanation.decisions import Reason
from admissions.model.wording import Wording
from admissions.model.wording import words as _w

OFFERING = _w("{programme} ved {site}", "{programme} ved {site}", "{programme} at {site}")

REASONS: dict[Reason, Wording] = {
    Reason.SEAT_OFFERED: _w(
        "Du får tilbud om plass på {offering}.",
        "Du får tilbod om plass på {offering}.",
        "You are offered a seat in {offering}.",
    ),
    Reason.SEATS_FILLED: _w(
        "Du er nummer {waiting} på ventelisten til {offering}, fordi alle plassene gikk til søkere "
        "foran deg; det første som skiller deg fra den siste som fikk tilbud, er {decisive}.",
        "Du er nummer {waiting} på ventelista til {offering}, fordi alle plassane gjekk til "
        "søkjarar framfor deg; det første som skil deg frå den siste som fekk tilbod, er "
        "{decisive}.",
        "You are number {waiting} on the waiting list for {offering}, because all seats went to "
        "applicants ahead of you; what first sets you apart from the last one offered a seat is "
        "{decisive}.",
    ),
    Reason.TIE_LOST: _w(
        "Du er nummer {waiting} på ventelisten til {offering}, fordi du står likt med den siste "
        "som fikk tilbud, og {decisive} avgjorde.",
        "Du er nummer {waiting} på ventelista til {offering}, fordi du står likt med den siste "
        "som fekk tilbod, og {decisive} avgjorde.",
        "You are number {waiting} on the waiting list for {offering}, because you are equal to the "
        "last one offered a seat, and {decisive} decided.",
    ),
    Reason.MOVED_BEHIND: _w(
        "Du er nummer {waiting} på ventelisten til {offering}, fordi {decisive} flyttet andre "
        "foran deg.",
        "Du er nummer {waiting} på ventelista til {offering}, fordi {decisive} flytte andre "
        "framfor deg.",
        "You are number {waiting} on the waiting list for {offering}, because {decisive} moved "
        "others ahead of you.",
    ),
    Reason.LIMIT_REACHED: _w(
        "Du er nummer {waiting} på ventelisten til {offering}, fordi en grense sto i veien: "
        "{limits}.",
        "Du er nummer {waiting} på ventelista til {offering}, fordi ei grense stod i vegen: "
        "{limits}.",
        "You are number {waiting} on the waiting list for {offering}, because a limit stood in the "
        "way: {limits}.",
    ),
    Reason.EQUALS_TURNED_AWAY: _w(
        "Du er nummer {waiting} på ventelisten til {offering}, fordi plassene som er igjen, er "
        "færre enn søkerne ned til og med dem som står likt med deg; de som står likt, behandles "
        "samlet.",
        "Du er nummer {waiting} på ventelista til {offering}, fordi plassane som er att, er færre "
        "enn søkjarane ned til og med dei som står likt med deg; dei som står likt, blir behandla "
        "samla.",
        "You are number {waiting} on the waiting list for {offering}, because fewer seats are left "
        "than there are applicants down to those equal to you, and equals are treated together.",
    ),
    Reason.OBJECTIVE_FIRST: _w(
        "Du er nummer {waiting} på ventelisten til {offering}, fordi reglene for dette opptaket "
        "setter et annet hensyn foran rangeringen.",
        "Du er nummer {waiting} på ventelista til {offering}, fordi reglane for dette opptaket set "
        "eit anna omsyn framfor rangeringa.",
        "You are number {waiting} on the waiting list for {offering}, because the rules of this "
        "admission put another aim before the ranking.",
    ),
    Reason.NOT_CALLED: _w(
        "Du er nummer {waiting} på ventelisten til {offering}, fordi opptaket ble avsluttet før "
        "turen kom til deg.",
        "Du er nummer {waiting} på ventelista til {offering}, fordi opptaket blei avslutta før "
        "turen kom til deg.",
        "You are number {waiting} on the waiting list for {offering}, because the calls ended "
        "before it was your turn.",
    ),
    Reason.SEATED_BEFORE: _w(
        "Du er nummer {waiting} på ventelisten til {offering}, fordi du alt hadde fått plass på "
        "{elsewhere} da turen kom hit.",
        "Du er nummer {waiting} på ventelista til {offering}, fordi du alt hadde fått plass på "
        "{elsewhere} då turen kom hit.",
        "You are number {waiting} on the waiting list for {offering}, because you already had a "
        "seat in {elsewhere} when its turn came.",
    ),
    Reason.HIGHER_WISH_MET: _w(
        "Søknaden din til {offering} er falt bort, fordi du får tilbud om plass på {met}, som du "
        "ønsket høyere.",
        "Søknaden din til {offering} har falle bort, fordi du får tilbod om plass på {met}, som du "
        "ønskte høgare.",
        "Your application for {offering} has lapsed, because you are offered a seat in {met}, "
        "which you wanted more.",
    ),
    Reason.OFFER_RELEASED: _w(
        "Tilbudet ditt på {offering} er gått videre til andre, fordi du får plass på {met}, som du "
        "ønsket høyere.",
        "Tilbodet ditt på {offering} har gått vidare til andre, fordi du får plass på {met}, som "
        "du ønskte høgare.",
        "Your offer in {offering} has passed on to others, because you get a seat in {met}, which "
        "you wanted more.",
    ),
    Reason.REQUIREMENT_NOT_MET: _w(
        "Du er ikke kvalifisert for {offering}, fordi du ikke oppfyller det som kreves: {not_met}.",
        "Du er ikkje kvalifisert for {offering}, fordi du ikkje oppfyller det som blir kravd: "
        "{not_met}.",
        "You are not qualified for {offering}, because you do not meet what is required: "
        "{not_met}.",
    ),
    Reason.FACT_NOT_DOCUMENTED: _w(
        "Du er ikke kvalifisert for {offering}, fordi dokumentasjonen mangler for {not_met}.",
        "Du er ikkje kvalifisert for {offering}, fordi dokumentasjonen manglar for {not_met}.",
        "You are not qualified for {offering}, because documentation is missing for {not_met}.",
    ),
}
"""The one sentence of ``decisions.csv``, by reason code."""

NO_SEATS = _w(
    "Du får ikke tilbud om plass på {offering}, fordi det ikke er noen plass å tilby.",
    "Du får ikkje tilbod om plass på {offering}, fordi det ikkje er nokon plass å tilby.",
    "You are not offered a seat in {offering}, because there is no seat to offer.",
)
"""Instead of ``seats-filled`` where nobody is offered a seat."""

NOT_RUN = _w(
    "Du får ikke tilbud om plass på {offering}, fordi det ikke blir gjennomført: For få søkere "
    "ville ha fått plass ({limits}).",
    "Du får ikkje tilbod om plass på {offering}, fordi det ikkje blir gjennomført: For få søkjarar "
    "ville ha fått plass ({limits}).",
    "You are not offered a seat in {offering}, because it is not run: too few applicants would "
    "have had a seat ({limits}).",
)
"""Instead of ``limit-reached`` where the class would be too small."""

APART = _w(
    "Du er nummer {waiting} på ventelisten til {offering}, fordi lederen din har bedt om at minst "
    "{seats} fra tjenesten får plass sammen her, eller ingen, og så mange fikk ikke plass.",
    "Du er nummer {waiting} på ventelista til {offering}, fordi leiaren din har bede om at minst "
    "{seats} frå tenesta får plass saman her, eller ingen, og så mange fekk ikkje plass.",
    "You are number {waiting} on the waiting list for {offering}, because your leader has asked "
    "that at least {seats} from the service get seats here together, or none, and so many did not.",
)
"""Instead of ``limit-reached`` where the wish of the own leader stood in the way."""

HEADINGS: dict[str, Wording] = {
    "decision": _w("Vedtak om opptak", "Vedtak om opptak", "Decision on admission"),
    "requirements": _w("Opptakskrav", "Opptakskrav", "Requirements"),
    "ranking": _w("Rangering", "Rangering", "Ranking"),
    "changes": _w(
        "Hva som ville ha endret resultatet",
        "Kva som ville ha endra resultatet",
        "What would have changed the result",
    ),
    "sums": _w(
        "Slik kan vedtaket etterprøves",
        "Slik kan vedtaket etterprøvast",
        "How the decision can be checked",
    ),
    "rights": _w("Rettighetene dine", "Rettane dine", "Your rights"),
}

HEAD: dict[str, Wording] = {
    "institution": _w("Institusjon: {}", "Institusjon: {}", "Institution: {}"),
    "case": _w("Sak: {}", "Sak: {}", "Case: {}"),
    "applicant": _w("Søker: {}", "Søkjar: {}", "Applicant: {}"),
    "application": _w(
        "Søknad: {offering}, ønske nummer {preference}",
        "Søknad: {offering}, ønske nummer {preference}",
        "Application: {offering}, wish number {preference}",
    ),
    "rules": _w(
        "Regler: {version}, gyldige fra {valid_from}, brukt slik de gjaldt {on} ({source})",
        "Reglar: {version}, gyldige frå {valid_from}, brukte slik dei galdt {on} ({source})",
        "Rules: {version}, valid from {valid_from}, applied as they stood on {on} ({source})",
    ),
    "scenario": _w("Scenario: {}", "Scenario: {}", "Scenario: {}"),
    "scenario-changes": _w(
        "Scenario: {}, som endrer disse reglene",
        "Scenario: {}, som endrar desse reglane",
        "Scenario: {}, which changes these rules",
    ),
}

ANSWER_BY = _w(
    "Svar på tilbudet innen {}. Svarer du ikke innen fristen, mister du tilbudet og plassene på "
    "ventelistene.",
    "Svar på tilbodet innan {}. Svarer du ikkje innan fristen, mistar du tilbodet og plassane på "
    "ventelistene.",
    "Answer the offer by {}. If you do not answer in time, you lose the offer and your places on "
    "the waiting lists.",
)
ANSWER = _w(
    "Studiestedet sier fra om når og hvordan du svarer på tilbudet.",
    "Studiestaden seier frå om når og korleis du svarer på tilbodet.",
    "The study site will tell you when and how to answer the offer.",
)
"""Where the round states no deadline."""
WAITING_NOTE = _w(
    "Nummeret på ventelisten endres bare når det sendes ut nye tilbud.",
    "Nummeret på ventelista blir berre endra når det blir sendt ut nye tilbod.",
    "Your number on the waiting list changes only when new offers are sent.",
)
NO_WAITING_LIST = _w(
    "Det er derfor ingen venteliste her.",
    "Det er derfor inga venteliste her.",
    "So there is no waiting list here.",
)
OWN_DECISION = _w(
    "Det tilbudet har et eget vedtak, og der står det hvordan du svarer.",
    "Det tilbodet har eit eige vedtak, og der står det korleis du svarer.",
    "That offer has a decision of its own, which says how to answer it.",
)
SEE_BELOW = _w(
    "Under står kravene og opplysningene om deg. Er noe feil, kan du klage innen tre uker.",
    "Under står krava og opplysningane om deg. Er noko feil, kan du klage innan tre veker.",
    "The requirements and the facts about you stand below. If something is wrong you can appeal "
    "within three weeks.",
)
ALL_MET = _w(
    "Du er kvalifisert, fordi du oppfyller alle kravene.",
    "Du er kvalifisert, fordi du oppfyller alle krava.",
    "You are qualified, because you meet all requirements.",
)
NOT_ALL_MET = _w(
    "Du er ikke kvalifisert, og blir derfor ikke rangert.",
    "Du er ikkje kvalifisert, og blir derfor ikkje rangert.",
    "You are not qualified, and are therefore not ranked.",
)
NO_REQUIREMENTS = _w(
    "Reglene stiller ingen krav.", "Reglane stiller ingen krav.", "The rules state no requirements."
)
HOW_RANKED = _w(
    "De kvalifiserte sammenlignes på ett kriterium om gangen, i denne rekkefølgen. Det neste "
    "teller bare mellom dem som står likt på alle foregående.",
    "Dei kvalifiserte blir samanlikna på eitt kriterium om gongen, i denne rekkjefølgja. Det neste "
    "tel berre mellom dei som står likt på alle dei føregåande.",
    "The qualified are compared on one criterion at a time, in this order. The next counts only "
    "between those who are equal on all before it.",
)
TOGETHER: dict[str, Wording] = {
    "accept-all": _w(
        "Søkere som står likt på alt dette, behandles samlet: Alle som står likt med den siste som "
        "får plass, får tilbud, også om det da blir flere tilbud enn planlagt.",
        "Søkjarar som står likt på alt dette, blir behandla samla: Alle som står likt med den "
        "siste som får plass, får tilbod, også om det då blir fleire tilbod enn planlagt.",
        "Applicants who are equal on all of this are treated together: all who are equal to the "
        "last one who gets a seat are offered one, even if that makes more offers than planned.",
    ),
    "reject-all": _w(
        "Søkere som står likt på alt dette, behandles samlet: Er det færre plasser igjen enn "
        "søkere som står likt, får ingen av dem tilbud.",
        "Søkjarar som står likt på alt dette, blir behandla samla: Er det færre plassar att enn "
        "søkjarar som står likt, får ingen av dei tilbod.",
        "Applicants who are equal on all of this are treated together: where fewer seats are left "
        "than there are equals, none of them is offered one.",
    ),
}
"""Instead of a lottery, by the scenario's ``ties``."""

RANK = _w(
    "Du er nummer {rank} av {qualified} kvalifiserte.",
    "Du er nummer {rank} av {qualified} kvalifiserte.",
    "You are number {rank} of {qualified} qualified.",
)
POINTS = _w("Du har {} poeng.", "Du har {} poeng.", "You have {} points.")
LAST_ADMITTED: dict[str, Wording] = {
    "points": _w(
        "Den siste som fikk tilbud, har {points} poeng.",
        "Den siste som fekk tilbod, har {points} poeng.",
        "The last one offered a seat has {points} points.",
    ),
    "group": _w(
        "Den siste som fikk tilbud, er i gruppe {group}.",
        "Den siste som fekk tilbod, er i gruppe {group}.",
        "The last one offered a seat is in group {group}.",
    ),
    "group-points": _w(
        "Den siste som fikk tilbud, er i gruppe {group}, med {points} poeng.",
        "Den siste som fekk tilbod, er i gruppe {group}, med {points} poeng.",
        "The last one offered a seat is in group {group}, with {points} points.",
    ),
}
"""By what there is to tell."""
DECISIVE = _w(
    "Det første som skiller deg fra den siste som fikk tilbud, er {}.",
    "Det første som skil deg frå den siste som fekk tilbod, er {}.",
    "What first sets you apart from the last one offered a seat is {}.",
)
TIE_LOST = _w(
    "Du står likt med den siste som fikk tilbud, på alle kriterier. Det som avgjorde, er {}.",
    "Du står likt med den siste som fekk tilbod, på alle kriterium. Det som avgjorde, er {}.",
    "You are equal to the last one offered a seat on all criteria. What decided is {}.",
)
TIE_WON = _w(
    "Du står likt med den første på ventelisten på alle kriterier. Det som avgjorde, er {}.",
    "Du står likt med den første på ventelista på alle kriterium. Det som avgjorde, er {}.",
    "You are equal to the first on the waiting list on all criteria. What decided is {}.",
)
MOVED = _w(
    "Du står foran den siste som fikk tilbud, på kriteriene, men {} flyttet andre foran deg.",
    "Du står framfor den siste som fekk tilbod, på kriteria, men {} flytte andre framfor deg.",
    "You are ahead of the last one offered a seat on the criteria, but {} moved others ahead of "
    "you.",
)
# What bounds who can hold seats together, beyond one offering's limits.
QUOTA = _w(
    "{limit}: Plasser til sammen på flere studiesteder: {seats}.",
    "{limit}: Plassar til saman på fleire studiestader: {seats}.",
    "{limit}: Seats over several offerings together: {seats}.",
)
MAX_STUDENTS = _w(
    "{limit}: Plasser til sammen for tjenesten din: {seats}. De som lederen har satt opp, går "
    "først, i den rekkefølgen. Deretter går den som står lengst fremme på et tilbud, målt mot hvor "
    "mange tilbud som gis der; står noen likt også da, avgjør loddtrekning.",
    "{limit}: Plassar til saman for tenesta di: {seats}. Dei som leiaren har sett opp, går først, "
    "i den rekkjefølgja. Deretter går den som står lengst framme på eit tilbod, målt mot kor mange "
    "tilbod som blir gitt der; står nokon likt også då, avgjer loddtrekking.",
    "{limit}: Seats in all for your service: {seats}. Those whom the leader has put on an order go "
    "first, in that order. Then whoever stands furthest up at an offering, measured against how "
    "many offers it makes; between those who are equal in that too, a draw decides.",
)
MAX_STUDENTS_UNNAMED = _w(
    "{limit}: Plasser til sammen for tjenesten din: {seats}. Den går først som står lengst fremme "
    "på et tilbud, målt mot hvor mange tilbud som gis der; står noen likt, avgjør loddtrekning.",
    "{limit}: Plassar til saman for tenesta di: {seats}. Den går først som står lengst framme på "
    "eit tilbod, målt mot kor mange tilbod som blir gitt der; står nokon likt, avgjer "
    "loddtrekking.",
    "{limit}: Seats in all for your service: {seats}. Whoever stands furthest up at an offering "
    "goes first, measured against how many offers it makes; between equals a draw decides.",
)
"""Where no leader's order counts for the service."""
MAX_STUDENTS_APART = _w(
    "{limit}: Plasser til sammen for tjenesten din: {seats}. Lederen har satt opp en rekkefølge "
    "for hvert studietilbud, og den gjelder der.",
    "{limit}: Plassar til saman for tenesta di: {seats}. Leiaren har sett opp ei rekkjefølgje for "
    "kvart studietilbod, og ho gjeld der.",
    "{limit}: Seats in all for your service: {seats}. The leader has put up an order for each "
    "offering apart, and it counts there.",
)
LEADER_GROUP = _w(
    "{limit}: Lederen din har bedt om at minst {seats} fra tjenesten får plass her, eller ingen.",
    "{limit}: Leiaren din har bede om at minst {seats} frå tenesta får plass her, eller ingen.",
    "{limit}: Your leader has asked that at least {seats} from the service get seats here, or "
    "none.",
)

LEADER = _w(
    "Lederen din har satt deg som nummer {} blant sine kvalifiserte søkere her.",
    "Leiaren din har sett deg som nummer {} blant dei kvalifiserte søkjarane sine her.",
    "Your leader has put you as number {} among own qualified applicants here.",
)
LEADER_NOT = _w(
    "Lederen din har ikke satt deg opp på noen rekkefølge her.",
    "Leiaren din har ikkje sett deg opp på noka rekkjefølgje her.",
    "Your leader has not put you on any order here.",
)
LOTTERY: dict[str, Wording] = {
    "single": _w(
        "En loddtrekning avgjorde, den samme for alle studietilbudene. Den kan etterprøves: Den "
        "går ut fra tallet {} og søkernumrene.",
        "Ei loddtrekking avgjorde, den same for alle studietilboda. Ho kan etterprøvast: Ho går ut "
        "frå talet {} og søkjarnummera.",
        "A draw decided, the same for all offerings. It can be checked: it starts from the number "
        "{} and the applicants' ids.",
    ),
    "per-offering": _w(
        "En loddtrekning avgjorde, en egen for dette studietilbudet. Den kan etterprøves: Den går "
        "ut fra tallet {}, studietilbudet og søkernumrene.",
        "Ei loddtrekking avgjorde, ei eiga for dette studietilbodet. Ho kan etterprøvast: Ho går "
        "ut frå talet {}, studietilbodet og søkjarnummera.",
        "A draw decided, one of its own for this offering. It can be checked: it starts from the "
        "number {}, the offering and the applicants' ids.",
    ),
}
"""By how the scenario draws."""

MET = _w("oppfylt", "oppfylt", "met")
NOT_MET = _w("ikke oppfylt", "ikkje oppfylt", "not met")
NOT_DOCUMENTED = _w("ikke dokumentert", "ikkje dokumentert", "not documented")
POINTS_CELL = _w("{} poeng", "{} poeng", "{} points")
NO_POINTS = _w(
    "ingen poeng, fordi det ikke er dokumentert",
    "ingen poeng, fordi det ikkje er dokumentert",
    "no points, because it is not documented",
)
TIER = _w("gruppe {} av {}", "gruppe {} av {}", "group {} of {}")
NO_TIER = _w("bak alle gruppene", "bak alle gruppene", "behind all groups")
PLACE = _w("nummer {}", "nummer {}", "number {}")
OF_OTHERS = _w(
    "Hva det blir, kommer an på de andre søkerne.",
    "Kva det blir, kjem an på dei andre søkjarane.",
    "What it comes to depends on the other applicants.",
)
LEADER_POINTS = _w("Poeng fra lederen: {}", "Poeng frå leiaren: {}", "Points from the leader: {}")
FACTS = _w("Opplysninger: {}.", "Opplysningar: {}.", "Facts: {}.")
ASSUMED = _w(
    "ikke oppgitt, regnet som {}", "ikkje oppgitt, rekna som {}", "not stated, taken as {}"
)

COUNTED_AS = _w("{}, som teller som {}", "{}, som tel som {}", "{}, which counts as {}")

CHANGES = _w(
    "Hvert punkt gjelder én opplysning om deg, endret så lite som mulig. Alt annet, også "
    "loddtrekningen, er som før.",
    "Kvart punkt gjeld éi opplysning om deg, endra så lite som mogleg. Alt anna, også "
    "loddtrekkinga, er som før.",
    "Each point is about one fact about you, changed as little as possible. All else, the draw "
    "included, is as before.",
)
NO_CHANGE = _w(
    "Ingen opplysning om deg ville alene ha endret resultatet.",
    "Inga opplysning om deg ville åleine ha endra resultatet.",
    "No fact about you would have changed the result by itself.",
)
HAS_BETTER = _w(
    "Du får tilbud om plass på {}, som du ønsket høyere.",
    "Du får tilbod om plass på {}, som du ønskte høgare.",
    "You are offered a seat in {}, which you wanted more.",
)
CHANGED = _w(
    "Hvis {fact} hadde vært {after} i stedet for {before}, ville du ha fått tilbud om plass på "
    "{gets}.",
    "Om {fact} hadde vore {after} i staden for {before}, ville du ha fått tilbod om plass på "
    "{gets}.",
    "If {fact} had been {after} instead of {before}, you would have been offered a seat in {gets}.",
)
CHANGED_UNDOCUMENTED = _w(
    "Hvis {fact} hadde vært dokumentert og {after}, ville du ha fått tilbud om plass på {gets}.",
    "Om {fact} hadde vore dokumentert og {after}, ville du ha fått tilbod om plass på {gets}.",
    "If {fact} had been documented and {after}, you would have been offered a seat in {gets}.",
)
CHANGED_YES = _w(
    "Hvis du hadde hatt {fact}, ville du ha fått tilbud om plass på {gets}.",
    "Om du hadde hatt {fact}, ville du ha fått tilbod om plass på {gets}.",
    "If you had had {fact}, you would have been offered a seat in {gets}.",
)
CHANGED_NO = _w(
    "Hvis du ikke hadde hatt {fact}, ville du ha fått tilbud om plass på {gets}.",
    "Om du ikkje hadde hatt {fact}, ville du ha fått tilbod om plass på {gets}.",
    "If you had not had {fact}, you would have been offered a seat in {gets}.",
)

ACCESS = _w(
    "Dette er et enkeltvedtak. Du har rett til en begrunnelse, og til å se dokumentene i saken.",
    "Dette er eit enkeltvedtak. Du har rett til ei grunngiving, og til å sjå dokumenta i saka.",
    "This is an individual decision. You have the right to be given reasons, and to see the "
    "documents of the case.",
)
APPEAL = _w(
    "Du kan klage på vedtaket innen tre uker etter at du fikk det.",
    "Du kan klage på vedtaket innan tre veker etter at du fekk det.",
    "You can appeal against the decision within three weeks of receiving it.",
)
APPEAL_TO = _w("Klagen sender du til {}.", "Klaga sender du til {}.", "Send the appeal to {}.")
APPEAL_BODY = _w("Klageinstansen er {}.", "Klageinstansen er {}.", "The appeal is decided by {}.")
RULES_SUM = _w(
    "Kontrollsum for reglene, med endringene (SHA-256): {}",
    "Kontrollsum for reglane, med endringane (SHA-256): {}",
    "Checksum of the rules, changes included (SHA-256): {}",
)
RUN_SUM = _w(
    "Kontrollsum for hele opptaket: {}",
    "Kontrollsum for heile opptaket: {}",
    "Checksum of the whole admission: {}",
)
