"""Holds exports against the report that they are of: check_exports.py FOLDER."""

import csv
import io
import json
import subprocess
import sys
import unicodedata
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl

folder = Path(sys.argv[1])
report = json.loads((folder / "report.json").read_text())
zone = ZoneInfo(report["lesson"]["time_zone"])
people = report["people"]
TITLES = {"ar": "كشف الحضور", "fr": "Relevé d’assiduité", "en": "Attendance report"}


def seconds(text):
    hours, minutes, rest = text.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + int(rest)


def wall(micros):
    return datetime.fromtimestamp(micros // 1_000_000, zone).replace(tzinfo=None) if micros is not None else None


def by_number(rows):
    return {int(row[0]): row for row in rows}


def check_csv(language):
    raw = (folder / f"attendance.{language}.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf"), "no byte order mark"
    separator = "," if language == "en" else ";"
    head, *rows = csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), delimiter=separator)
    assert len(rows) == len(people) and all(len(row) == len(head) for row in rows), head
    rows = by_number(rows)
    for one in people:
        row = rows[one["number"]]
        assert row[1].lstrip("'") == one["name"], row
        assert not row[1].startswith(("=", "+", "-", "@")), row
        assert row[3] == (str(wall(one["first_at"])) if one["first_at"] is not None else ""), row
        assert seconds(row[5]) == one["present_us"] // 1_000_000, row
        assert seconds(row[10]) == one["counted_us"] // 1_000_000, row


def check_xlsx(language):
    sheet = openpyxl.load_workbook(folder / f"attendance.{language}.xlsx").active
    assert bool(sheet.sheet_view.rightToLeft) == (language == "ar"), language
    assert sheet["A1"].value == TITLES[language]
    rows = [row for row in sheet.iter_rows() if isinstance(row[0].value, int)]
    assert len(rows) == len(people)
    rows = {row[0].value: row for row in rows}
    for one in people:
        row = rows[one["number"]]
        assert row[1].value == one["name"] and row[1].data_type == "s", row[1].value
        assert row[3].value == wall(one["first_at"]), (row[3].value, one["first_at"])
        length = row[5].value
        length = length if isinstance(length, timedelta) else timedelta(hours=length.hour, minutes=length.minute, seconds=length.second)
        assert abs(length - timedelta(seconds=one["present_us"] // 1_000_000)) < timedelta(seconds=1), (length, one)


def words(text):
    """The letters as they are typed: a font's own forms of Arabic letters become the letters."""
    text = unicodedata.normalize("NFKC", text)
    return " ".join("".join(c for c in text if unicodedata.category(c) != "Cf").split())


def check_pdf(language):
    path = folder / f"attendance.{language}.pdf"
    text = words(subprocess.run(["pdftotext", "-layout", path, "-"], check=True, capture_output=True, text=True).stdout)
    for wanted in [TITLES[language], report["lesson"]["title"], report["seal"]["hash"], report["seal"]["key"]]:
        assert words(wanted) in text, (language, wanted, text)
    for one in people:
        for part in one["name"].split():
            assert words(part) in text, (language, part)
        if one["first_at"] is not None:
            assert f"{wall(one['first_at']):%H:%M:%S}" in text, (language, one)
    check_sides(language, path)


def check_sides(language, path):
    """The first column, the numbers, is on the side where reading begins."""
    import xml.etree.ElementTree as ElementTree

    done = subprocess.run(["pdftotext", "-bbox", path, "-"], check=True, capture_output=True, text=True)
    root = ElementTree.fromstring(done.stdout)
    page = root.find(".//{*}page")
    middle = float(page.get("width")) / 2
    title = words(TITLES[language]).split()

    def read(text):
        """Boxes have the letters of a word from left to right, whichever way it is read."""
        text = words(text)
        return text if text in title else text[::-1]

    found = [(read(word.text), float(word.get("xMin"))) for word in page.findall(".//{*}word") if word.text]
    sides = [left > middle for text, left in found if text in title][: len(title)]
    assert sides and all(side == (language == "ar") for side in sides), (language, sides, found[:40])
    # Within a title of several words, the first is where reading begins.
    places = {text: left for text, left in reversed(found) if text in title}
    order = [places[word] for word in title if word in places]
    assert len(order) == len(title) and order == sorted(order, reverse=language == "ar"), (language, order)


for language in TITLES:
    check_csv(language)
    check_xlsx(language)
    check_pdf(language)
print(f"{len(people)} people in 9 exports")
