"""What the exit status of `inborough` means."""

OK = 0
ANSWER_IS_NO = 1  # no such thing, refused rows, not possible as things stand
USAGE = 2  # the command or a value in it is wrong
SERVICE_DOWN = 3  # a service does not answer, or failed
OUR_FAULT = 70  # a fault in the command itself (EX_SOFTWARE of sysexits.h)
STOPPED = 130  # Ctrl-C
