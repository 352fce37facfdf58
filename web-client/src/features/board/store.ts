import { batch, signal } from '@preact/signals';
import type { BoardCard, BoardDetail, BoardLesson, BoardMessage, BoardRequest } from '../../call/protocol.gen';
import type { Reach } from '../institutions/institution';
import { type Place as Counted, Country } from './country';
import type { Alarm, Head, Line, Live, Part, Sums } from './model';
import { type Place, pathOf } from './places';
import { Rows } from './rows';
import { nothing, weight } from './tally';

/** How far what is shown is what is so. */
export interface Contact {
  state: 'connecting' | 'live' | 'gone';
  /** Since when, by this device's clock, in milliseconds. */
  since: number;
}

/** All that the board shows. What changes is a signal of its own, so that only that is drawn again. */
export class Store {
  readonly #level: Reach;
  readonly #soon: (key: string, work: () => void) => void;
  readonly #head = signal<Head | undefined>(undefined);
  readonly #contact = signal<Contact>({ state: 'connecting', since: Date.now() });
  readonly #sums = signal<Sums>(nothing());
  readonly #names = signal<ReadonlyMap<string, string>>(new Map());
  readonly #known = signal(false);
  readonly #detail = signal<BoardDetail | undefined>(undefined);
  readonly #alarms = signal<readonly Alarm[]>([]);
  #country = new Country({ regions: [], institutions: [], lessons: [], alarms: [] });
  #place: Place = {};
  /** The titles of the lessons of the institution that is open, by the lessons' numbers. */
  #cards = new Map<number, BoardCard>();
  #heardAt = Date.now();
  #send: ((request: BoardRequest) => void) | undefined;

  /** The regions of the country, or the institutions of the region that the board begins with. */
  readonly parts = new Rows<Part>();
  /** The institutions of the region that is open. */
  readonly institutions = new Rows<Part>();
  /** The lessons of the institution that is open. */
  readonly lines = new Rows<Line>();

  /**
   * `level` is how far the reader's own institution reaches. `soon` does a piece of work within the next frames, once
   * for each key.
   */
  constructor(level: Reach, soon: (key: string, work: () => void) => void) {
    this.#level = level;
    this.#soon = soon;
  }

  /** What the reader oversees; nothing until the server has said it. */
  get head(): Live<Head | undefined> {
    return this.#head;
  }

  get contact(): Live<Contact> {
    return this.#contact;
  }

  /** The figures of everything that the reader oversees. */
  get sums(): Live<Sums> {
    return this.#sums;
  }

  /** What regions and institutions are called. */
  get names(): Live<ReadonlyMap<string, string>> {
    return this.#names;
  }

  /** Whether the server has said which lessons the open institution has. */
  get known(): Live<boolean> {
    return this.#known;
  }

  /** The lesson that is open. */
  get detail(): Live<BoardDetail | undefined> {
    return this.#detail;
  }

  /** The alarms that have not ended. */
  get alarms(): Live<readonly Alarm[]> {
    return this.#alarms;
  }

  /** Opens a place, now and after every reconnection. */
  open(place: Place): void {
    const before = this.#place;
    if (pathOf(before) === pathOf(place)) return;
    this.#place = place;
    batch(() => {
      if (before.region !== place.region) this.#listInstitutions();
      if (before.institution !== place.institution) this.#forgetCards();
      if (before.lesson !== place.lesson) this.#detail.value = undefined;
    });
    this.#look();
  }

  /** A connection is open: the board comes by it, from its beginning. */
  connected(send: (request: BoardRequest) => void): void {
    this.#send = send;
  }

  /** The connection is gone: what was heard last stays, and is said to be of that time. */
  gone(): void {
    this.#send = undefined;
    if (this.#contact.peek().state !== 'gone') this.#contact.value = { state: 'gone', since: this.#heardAt };
  }

  take(message: BoardMessage): void {
    this.#heardAt = Date.now();
    batch(() => {
      if (message.type === 'board') this.#begin(message);
      if (message.type === 'changes') this.#change(message);
      if (message.type === 'institution') this.#list(message.institution, message.lessons);
      if (message.type === 'lesson' && message.lesson.lesson === this.#place.lesson)
        this.#detail.value = message.lesson;
    });
  }

  #begin(board: Extract<BoardMessage, { type: 'board' }>): void {
    const country = new Country(board);
    this.#country = country;
    this.#contact.value = { state: 'live', since: Date.now() };
    const level = this.#level;
    const region = level === 'ministry' ? undefined : board.regions[0]?.id;
    const institution = level === 'institution' ? board.institutions[0]?.id : undefined;
    const before = this.#head.peek();
    const head = { level, region, institution, simulated: board.simulated };
    if (!before || JSON.stringify(before) !== JSON.stringify(head)) this.#head.value = head;
    this.#names.value = new Map([...board.regions, ...board.institutions].map(({ id, name }) => [id, name]));
    this.#sums.value = { ...country.total };
    this.#alarms.value = country.alarms();
    this.parts.reset(level === 'ministry' ? country.regions.map(part) : level === 'region' ? this.#inRegion(0) : []);
    this.#listInstitutions();
    // Numbers are this board's own: what was said about others is void.
    this.#cards.clear();
    this.#known.value = false;
    this.#look();
  }

  #change(changes: Extract<BoardMessage, { type: 'changes' }>): void {
    const country = this.#country;
    const touched = country.change(changes);
    this.#sums.value = { ...country.total };
    if (touched.alarms) this.#alarms.value = country.alarms();
    for (const at of this.#level === 'ministry' ? touched.regions : []) {
      this.#soon(`region ${at}`, () => put(this.parts, this.#country.regions[at]));
    }
    for (const at of touched.institutions) {
      if (this.#level === 'region' || this.#isListed(at))
        this.#soon(`institution ${at}`, () => this.#putInstitution(at));
    }
    const institution = country.placeOf(this.#place.institution ?? '');
    if (institution === -1 || !touched.institutions.has(institution)) return;
    for (const { number } of touched.gone) this.lines.drop(this.#cards.get(number)?.lesson ?? '');
    // An alarm changes its lesson's line too.
    for (const lesson of touched.alarms ? country.lessonsOf(institution) : touched.lessons) {
      const line = lesson.institution === institution && this.#line(lesson);
      if (line) this.lines.put(line);
    }
  }

  #isListed(institution: number): boolean {
    const { institutions, regions } = this.#country;
    const region = regions[institutions[institution]?.record.region ?? -1];
    return region !== undefined && region.record.id === this.#place.region;
  }

  #putInstitution(at: number): void {
    const institution = this.#country.institutions[at];
    if (this.#level === 'region') put(this.parts, institution);
    else if (this.#level === 'ministry' && this.#isListed(at)) put(this.institutions, institution);
  }

  /** Takes what the lessons of the open institution are called, and lists them: what needs a look first. */
  #list(institution: string, cards: readonly BoardCard[]): void {
    if (institution !== this.#place.institution) return;
    this.#cards = new Map(cards.map((card) => [card.number, card]));
    const lines = this.#country
      .lessonsOf(this.#country.placeOf(institution))
      .flatMap((lesson) => this.#line(lesson) ?? []);
    const rank = ({ alarms, lesson }: Line) => (alarms > 0 ? 0 : 1 + STATES.indexOf(lesson.state));
    lines.sort((one, other) => rank(one) - rank(other) || one.lesson.starts_at - other.lesson.starts_at);
    // Those that are listed already stay where they are.
    const listed = this.lines.list.peek().map((line) => line.peek().id);
    const place = ({ id }: Line) => (listed.includes(id) ? listed.indexOf(id) : listed.length);
    this.lines.reset(lines.sort((one, other) => place(one) - place(other)));
    this.#known.value = true;
  }

  #line(lesson: BoardLesson): Line | undefined {
    const card = this.#cards.get(lesson.number);
    return card && { id: card.lesson, card, lesson, alarms: this.#country.alarmsOf(card.lesson) };
  }

  #listInstitutions(): void {
    const at = this.#country.regions.findIndex(({ record }) => record.id === this.#place.region);
    this.institutions.reset(this.#level === 'ministry' && at !== -1 ? this.#inRegion(at) : []);
  }

  /** The institutions of a region that have lessons on the board: what needs a look first, then by name. */
  #inRegion(region: number): Part[] {
    const { institutions } = this.#country;
    return institutions
      .filter(({ record }, at) => record.region === region && this.#country.sizeOf(at) > 0)
      .map(part)
      .sort((one, other) => weight(other.sums) - weight(one.sums) || one.name.localeCompare(other.name));
  }

  #forgetCards(): void {
    this.#cards.clear();
    this.lines.reset([]);
    this.#known.value = false;
  }

  #look(): void {
    const { institution = null, lesson = null } = this.#place;
    this.#send?.({ type: 'look', institution, lesson });
  }
}

/** In which order an institution's lessons stand when they are listed. */
const STATES = ['not_started', 'late', 'live', 'ended_early', 'planned', 'ended'];

/** As it is shown: the figures are a copy. */
function part({ record, sums }: Counted<{ id: string; name: string }>): Part {
  return { id: record.id, name: record.name, sums: { ...sums } };
}

function put(rows: Rows<Part>, place: Counted<{ id: string; name: string }> | undefined): void {
  if (place) rows.put(part(place));
}
