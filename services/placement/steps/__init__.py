"""What becomes of a decision once it is recorded, step by step.

Every step can be done again: what it asks of a neighbour carries a request id made from the decision and the step, and
it moves the decision only from the state in which it found it. So the RPC in hand, its copies, and the events process
after a crash may all follow one decision, and each step is done once.

requested --> offered --> naming --> named
          \\-> not_offered, refused    any of them but named --> withdrawing --> withdrawn;  offered --> expired
"""

from services.placement.steps.follow import follow, follow_now, resume_half_done
from services.placement.steps.hands import Hands

__all__ = ["Hands", "follow", "follow_now", "resume_half_done"]
