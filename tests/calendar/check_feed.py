"""Reads a feed with icalendar and compares it with what was meant, as far as that is said: check_feed.py FOLDER"""

import json
import re
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

from icalendar import Calendar


def moment(value):
    if not isinstance(value, datetime):
        return value.isoformat()
    assert value.tzinfo is not None and value.utcoffset() == timedelta(0), f"{value} is not in universal time"
    return value.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def unescaped(text):
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], text)


def understood(event):
    return {
        "uid": str(event["UID"]),
        "sequence": int(event["SEQUENCE"]),
        "modified": moment(event["LAST-MODIFIED"].dt),
        "summary": str(event.get("SUMMARY", "")),
        "description": str(event.get("DESCRIPTION", "")),
        "url": str(event["URL"]),
        "transparency": str(event.get("TRANSP", "OPAQUE")),
        "starts": moment(event["DTSTART"].dt),
        "ends": moment(event["DTEND"].dt),
        "location": str(event.get("LOCATION", "")),
        "status": str(event["STATUS"]),
    }


def main():
    folder = Path(sys.argv[1])
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    raw = (folder / "feed.ics").read_bytes()
    lines = raw.split(b"\r\n")
    assert lines[-1] == b"" and b"\n" not in b"".join(lines) and b"\r" not in b"".join(lines), "lines end with CRLF"
    for line in lines:
        assert len(line) <= 75, f"{len(line)} bytes in a line"
        line.decode("utf-8")

    calendar = Calendar.from_ical(raw)
    assert not calendar.errors, calendar.errors
    # Of these two properties icalendar knows no type, and leaves their values as they stand.
    for name in ("NAME", "X-WR-CALNAME"):
        assert unescaped(str(calendar[name])) == expected["name"], calendar[name]
    assert calendar["REFRESH-INTERVAL"].dt == timedelta(seconds=expected["refresh_s"])
    events = calendar.walk("VEVENT")
    faults = [fault for event in events for fault in event.errors]
    assert not faults, faults
    assert all(event["DTSTAMP"].dt == event["LAST-MODIFIED"].dt for event in events)
    found = [understood(event) for event in events]
    assert len(found) == len(expected["events"]), f"{len(found)} events"
    for theirs, ours in zip(found, expected["events"], strict=True):
        theirs = {name: theirs[name] for name in ours}
        assert theirs == ours, f"icalendar reads\n{theirs}\nand what was meant is\n{ours}"
    print(f"icalendar: {len(found)} events as they were meant")


if __name__ == "__main__":
    main()
