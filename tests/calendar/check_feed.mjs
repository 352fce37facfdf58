// Reads a feed with ical.js and compares it with what was meant, as far as that is said: check_feed.mjs FOLDER
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ICAL from 'ical.js';

const folder = process.argv[2];
const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8'));
const calendar = new ICAL.Component(ICAL.parse(readFileSync(join(folder, 'feed.ics'), 'utf8')));

function understood(component) {
  const value = (name, otherwise) => component.getFirstPropertyValue(name) ?? otherwise;
  const event = new ICAL.Event(component);
  assert.equal(event.isRecurring(), false);
  return {
    uid: event.uid,
    sequence: event.sequence,
    modified: value('last-modified').toString(),
    summary: event.summary ?? '',
    description: event.description ?? '',
    url: value('url'),
    transparency: value('transp', 'OPAQUE'),
    starts: event.startDate.toString(),
    ends: event.endDate.toString(),
    location: event.location ?? '',
    status: value('status'),
  };
}

// Of these two properties ical.js knows no type, and leaves their values as they stand.
const unescaped = (text) => text.replaceAll(/\\(.)/g, (_, escaped) => (/n/i.test(escaped) ? '\n' : escaped));
for (const name of ['name', 'x-wr-calname']) {
  assert.equal(unescaped(calendar.getFirstPropertyValue(name)), expected.name);
}
assert.equal(calendar.getFirstPropertyValue('refresh-interval').toSeconds(), expected.refresh_s);
const events = calendar.getAllSubcomponents('vevent').map(understood);
assert.equal(events.length, expected.events.length);
for (const [place, event] of events.entries()) {
  const ours = expected.events[place];
  const theirs = Object.fromEntries(Object.keys(ours).map((name) => [name, event[name]]));
  assert.deepEqual(theirs, ours);
}
console.log(`ical.js: ${events.length} events as they were meant`);
