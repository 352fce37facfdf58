"""Compares our lessons with those of recurring-ical-events: check_series.py SERIES.json

Where the other implementation departs from RFC 5545, or the RFC leaves the matter open:

- It takes DTSTART for a lesson even where the rule does not name it (undefined in RFC 5545 §3.8.5.3). Whether the rule
  does is asked of dateutil alone, and then that lesson is left out.
- It adds lengths in wall time: a lesson across a change of clocks is an hour too long or too short (§3.3.6 and §3.8.2.5:
  the same exact duration for all). Ends are compared as it gives them where no change lies between, else recomputed.
- It wants UNTIL in universal time, and else takes the figures for it. So UNTIL is converted here: a date as its last
  second.
- It knows a lesson by its figures in universal time and by those of its wall time alike, so that an EXDATE at 19:00
  takes along a lesson at 20:00 whose figures in universal time are 19:00. Such lessons may be missing.
- dateutil lets only days fit that satisfy both the numbered and the other weekdays of a BYDAY that has both (§3.3.10: any
  of them). Our cases have one kind or the other; `src/schedule/rule/tests.rs` has both.
- dateutil counts the positions of BYSETPOS in the first week from DTSTART and not from the week's first day. Our cases
  start such series with their week.

A wall time that clocks skip, or show twice, both read as §3.3.5 says: Python's zones do so for fold=0.
"""

import datetime as datetime_module
import json
import sys
import zoneinfo
from datetime import date, datetime, timedelta, timezone
from itertools import islice

import recurring_ical_events
import tzdata
from dateutil.rrule import rrulestr
from icalendar import Calendar

# How far dateutil looks for a date that never comes, in place of the year 9999. Our cases end before.
datetime_module.MAXYEAR = 2042

OCCURRENCES_MAX = 500
YEARS_MAX = 5
MICROSECOND = timedelta(microseconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def basic(wall):
    return wall.strftime("%Y%m%dT%H%M%S")


def instant(wall, zone):
    return wall.replace(tzinfo=zone).astimezone(timezone.utc)


def parts_of(rule):
    return dict(part.split("=") for part in rule.split(";"))


def until_instant(text, zone):
    """UNTIL as an instant, whichever of its three kinds it is."""
    if len(text) == 8:
        return instant(datetime.strptime(text + "T235959", "%Y%m%dT%H%M%S"), zone)
    if text.endswith("Z"):
        return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=timezone.utc)
    return instant(datetime.strptime(text, "%Y%m%dT%H%M%S"), zone)


def rule_in_utc(rule, zone):
    parts = parts_of(rule)
    if "UNTIL" in parts:
        parts["UNTIL"] = basic(until_instant(parts["UNTIL"], zone)) + "Z"
    return ";".join(f"{name}={value}" for name, value in parts.items())


def dates_by_dateutil(rule, start, zone, horizon):
    """Dates of the rule by dateutil alone, none after the horizon, one more than are allowed at most."""
    parts = parts_of(rule)
    limit = int(parts.pop("COUNT", OCCURRENCES_MAX + 1))
    until = until_instant(parts.pop("UNTIL"), zone) if "UNTIL" in parts else None
    end = min(until or horizon, horizon)
    endless = ";".join(f"{name}={value}" for name, value in parts.items())
    dates = rrulestr(f"{endless};UNTIL={basic(end)}Z", dtstart=start.replace(tzinfo=zone))
    return [found.replace(tzinfo=None) for found in islice(dates, limit)], limit, until


def check_refused(case, zone):
    start = datetime.fromisoformat(case["start"])
    last_day = years_later(start.date())
    horizon = instant(datetime.combine(last_day, datetime.max.time().replace(microsecond=0)), zone)
    dates, limit, until = dates_by_dateutil(case["rule"], start, zone, horizon)
    fault = case["outcome"]["fault"]
    if fault == "rule_never_occurs":
        assert not dates, f"refused, but occurs at {dates[:3]}"
    elif fault == "rule_too_many_dates":
        assert len(dates) > OCCURRENCES_MAX, f"refused for too many, but has {len(dates)}"
    elif fault == "rule_too_long":
        far = until is not None and until.astimezone(zone).date() > last_day
        assert far or (until is None and 0 < len(dates) < limit), f"refused as too long, but has {len(dates)} of {limit}"
    else:
        raise AssertionError(f"an unexpected fault: {fault}")


def years_later(day):
    try:
        return day.replace(year=day.year + YEARS_MAX)
    except ValueError:
        return day.replace(year=day.year + YEARS_MAX, day=28)


def calendar(case, zone):
    name, outcome = case["zone"], case["outcome"]
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Qism//Tests//EN",
        "BEGIN:VEVENT",
        "UID:1",
        "DTSTAMP:20260101T000000Z",
        f"DTSTART;TZID={name}:{basic(datetime.fromisoformat(case['start']))}",
        f"DURATION:PT{case['minutes']}M",
        f"RRULE:{rule_in_utc(case['rule'], zone)}",
    ]
    for prop, walls in (("EXDATE", outcome["exceptions"]), ("RDATE", outcome["extras"])):
        lines += [f"{prop};TZID={name}:{basic(datetime.fromisoformat(wall))}" for wall in walls]
    return Calendar.from_ical("\r\n".join([*lines, "END:VEVENT", "END:VCALENDAR", ""]))


def their_lessons(case, zone, seen):
    outcome = case["outcome"]
    start = datetime.fromisoformat(case["start"])
    # Whether the rule names its own start.
    first = next(iter(rrulestr(rule_in_utc(case["rule"], zone), dtstart=start.replace(tzinfo=zone))))
    named = first.replace(tzinfo=None) == start or case["start"] in outcome["extras"]
    seen["start is no date of the rule"] += not named
    holidays = [(date.fromisoformat(a), date.fromisoformat(b)) for a, b in outcome["holidays"]]
    length = timedelta(minutes=case["minutes"])
    lessons = []
    for event in recurring_ical_events.of(calendar(case, zone)).between(
        start - timedelta(days=30), start + timedelta(days=366 * 7)
    ):
        begins, ends = event["DTSTART"].dt, event["DTEND"].dt
        wall = begins.replace(tzinfo=None)
        if (wall == start and not named) or any(a <= wall.date() <= b for a, b in holidays):
            continue
        starts_at, ends_at = begins.astimezone(timezone.utc), ends.astimezone(timezone.utc)
        seen["at a time that clocks skip"] += starts_at.astimezone(zone).replace(tzinfo=None) != wall
        seen["at a time that comes twice"] += starts_at != wall.replace(tzinfo=zone, fold=1).astimezone(timezone.utc)
        if ends_at - starts_at != length:
            seen["across a change of clocks"] += 1
            assert begins.utcoffset() != ends.utcoffset() or ends_at.astimezone(zone).replace(
                tzinfo=None
            ) != ends.replace(tzinfo=None), f"their own length is wrong: {begins} to {ends}"
            ends_at = starts_at + length
        lessons.append([wall.isoformat(), (starts_at - EPOCH) // MICROSECOND, (ends_at - EPOCH) // MICROSECOND])
    return sorted(lessons, key=lambda lesson: (lesson[1], lesson[2], lesson[0]))


def check(case, seen):
    zone = zoneinfo.ZoneInfo(case["zone"])
    outcome = case["outcome"]
    if "fault" in outcome:
        check_refused(case, zone)
        seen["refused"] += 1
        return
    if "fault_of_extras" in outcome:
        assert outcome["fault_of_extras"] in ("rule_too_many_dates", "rule_too_long")
        seen["refused with their extra dates"] += 1
        return
    ours, theirs = outcome["lessons"], their_lessons(case, zone, seen)
    seen["lessons"] += len(theirs)
    offsets = {instant(datetime.fromisoformat(wall), zone).astimezone(zone).utcoffset() for wall, _, _ in theirs}
    seen["series across a change of clocks"] += len(offsets) > 1
    only_ours = [lesson for lesson in ours if lesson not in theirs]
    only_theirs = [lesson for lesson in theirs if lesson not in ours]
    taken_along = [lesson for lesson in only_ours if is_taken_along(lesson[0], outcome["exceptions"], zone)]
    seen["taken along by another's EXDATE"] += len(taken_along)
    ours = [lesson for lesson in ours if lesson not in taken_along]
    assert ours == theirs, f"only ours: {only_ours[:5]}, only theirs: {only_theirs[:5]}"


def is_taken_along(wall, exceptions, zone):
    def figures(wall):
        return {wall, instant(wall, zone).replace(tzinfo=None)}

    own = figures(datetime.fromisoformat(wall))
    return wall not in exceptions and any(own & figures(datetime.fromisoformat(other)) for other in exceptions)


class Seen(dict):
    def __missing__(self, key):
        return 0


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        series = json.load(file)
    assert zoneinfo.TZPATH == (), "zones are read from this machine: set PYTHONTZPATH to nothing"
    assert series["zone_data"] == tzdata.IANA_VERSION, (
        f"jiff has zone data {series['zone_data']} and Python {tzdata.IANA_VERSION}: pin tzdata to the same"
    )
    seen, failed = Seen(), 0
    for case in series["cases"]:
        try:
            check(case, seen)
        except Exception as fault:  # every case is told, whatever it trips over
            failed += 1
            if failed <= 10:
                print(f"{case['zone']} {case['start']} {case['rule']} ({case['minutes']} min): {fault!r}")
    print(", ".join(f"{count} {what}" for what, count in sorted(seen.items())))
    print(f"{len(series['cases']) - failed} series agree, {failed} do not")
    wanted = ("at a time that clocks skip", "at a time that comes twice", "across a change of clocks", "refused")
    missing = [what for what in wanted if not seen[what]]
    if missing:
        print(f"no case tried: {', '.join(missing)}")
    sys.exit(1 if failed or missing else 0)


if __name__ == "__main__":
    main()
