"""The rules that judge a case in a pool. Version RULES_VERSION; every recommendation stores the version it used.

  open_setting     The setting is open.
  opening          The pool's places are confirmed and there by the first day.
  year_group       The pool takes the child's year group.
  sex              The setting admits the child's sex.
  need             The pool caters for the child's primary need.                                            (unsettles)
  advised_kind     The advice on file says that this kind of place could meet the need.                     (unsettles)
  wishes           Mainstream is weighed by a person where the family asked only for other schools.      (unsettles)
  unit_admission   A High Needs dependency unit takes SEMH pupils close to exclusion.                       (unsettles)
  wheelchair       A child who uses a wheelchair can be admitted.                                           (unsettles)
  current_setting  A setting that the decision is to leave is not proposed again.
  agreement        A wholly independent school must agree to admit.
  recorded_ground  The panel has recorded no ground against the family's request.
  places           There is a free place on the first day.

A what-if adds one before them, for its own question alone (`what_if.py`): left_out_of_question.

A rule sees only what it asks for: `of_case` and `of_pool` pick the facts, `judge` gives outcome and reason from those
alone. So a rule is judged once for each distinct pair of picked facts, however many children and pools there are.
"Unsettles": where such a rule needs judgement, the option comes after every settled one (term needs_judgement).
`requested` says that the family asked for this setting: the law then bars the authority from refusing on some grounds
without the panel's own judgement (Children and Families Act 2014 s.39), so "fails" becomes "needs judgement".
"""

from __future__ import annotations

from services.placement.model.rules.base import FAILS, MEETS, NEEDS_JUDGEMENT, Judged, Outcome, Rule
from services.placement.model.rules.family import CurrentSetting, RecordedGround, Wishes
from services.placement.model.rules.journey import JOURNEY, judge_journey
from services.placement.model.rules.setting import Agreement, Opening, OpenSetting, Places, Sex, YearGroup
from services.placement.model.rules.suitability import AdvisedKind, Need, UnitAdmission, Wheelchair
from services.placement.model.rules.what_if import LeftOutOfQuestion

__all__ = [
    "FAILS",
    "JOURNEY",
    "MEETS",
    "NEEDS_JUDGEMENT",
    "RULES",
    "RULES_VERSION",
    "Judged",
    "LeftOutOfQuestion",
    "Outcome",
    "Rule",
    "judge_journey",
]

RULES_VERSION = "england-2024-09/1"

RULES: tuple[Rule, ...] = (
    OpenSetting(),
    Opening(),
    YearGroup(),
    Sex(),
    Need(),
    AdvisedKind(),
    Wishes(),
    UnitAdmission(),
    Wheelchair(),
    CurrentSetting(),
    Agreement(),
    RecordedGround(),
    Places(),
)
