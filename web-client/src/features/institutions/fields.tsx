import './institutions.css';
import type { InstitutionCard, RegionCard } from '../../api/client';
import { LANGUAGES, type Language, language } from '../../i18n';
import { LANGUAGE_NAMES } from '../../ui/language-switch';
import { CheckField, SelectField, TextField } from '../../ui/parts/field';
import type { FormState } from '../../ui/parts/form';
import { zones } from '../first-steps/zones';
import { type DayHours, FIRST_HOURS, hoursOf, weekdays } from './hours';
import { KINDS, type Kind, oneOf, REACHES, type Reach } from './institution';
import { t } from './words';

/** What is said of an institution, as forms have it. */
export interface Said {
  name: string;
  region: string;
  kind: Kind;
  reach: Reach;
  language: Language;
  time_zone: string;
  hours: readonly DayHours[] | null;
  away_counts: boolean;
}

export function saidOf(institution: InstitutionCard): Said {
  return {
    name: institution.name,
    region: institution.region,
    kind: oneOf(KINDS, institution.kind),
    reach: oneOf(REACHES, institution.reach),
    language: oneOf(LANGUAGES as readonly [Language, ...Language[]], institution.language),
    time_zone: institution.time_zone,
    hours: hoursOf(institution),
    away_counts: institution.away_counts,
  };
}

/** The fields' names, for all that is said. */
export function names() {
  return {
    name: t('field.name'),
    region: t('field.region'),
    kind: t('field.kind'),
    language: t('field.language'),
    time_zone: t('field.timeZone'),
    reach: t('field.reach'),
    hours: t('field.hours'),
    away_counts: t('field.away'),
  } satisfies Record<keyof Said, string>;
}

/** What is said, in words. */
export function inWords(said: Said, regions: readonly RegionCard[]): Record<keyof Said, string> {
  return {
    ...said,
    region: regions.find(({ id }) => id === said.region)?.name ?? '',
    kind: t(`kind.${said.kind}`),
    reach: t(`reach.${said.reach}`),
    language: LANGUAGE_NAMES[said.language],
    hours: hoursInWords(said.hours),
    away_counts: t(said.away_counts ? 'away.counts' : 'away.not'),
  };
}

function hoursInWords(hours: Said['hours']): string {
  if (!hours) return t('hours.unsaid');
  const days = hours.flatMap((day, index) =>
    day ? [t('hours.day', { day: weekdays()[index] ?? '', from: day.first, to: day.last })] : [],
  );
  return days.length === 0 ? t('hours.never') : days.join(t('hours.comma'));
}

interface Props {
  form: FormState;
  said: Said;
  onChange: (said: Said) => void;
  /** The regions it may be put in; none where that is not for who writes. */
  regions: readonly RegionCard[];
  /** Whether who writes says what its administrators see. */
  givesReach: boolean;
}

export function InstitutionFields({ form, said, onChange, regions, givesReach }: Props) {
  const set =
    <K extends keyof Said>(name: K) =>
    (value: Said[K]) =>
      onChange({ ...said, [name]: value });
  const zone = zones().includes(said.time_zone) ? zones() : [said.time_zone, ...zones()];
  return (
    <>
      <TextField
        form={form}
        name="name"
        label={t('field.name')}
        autocomplete="off"
        value={said.name}
        onInput={set('name')}
      />
      <div class="form-pair">
        {regions.length > 0 && (
          <SelectField
            form={form}
            name="region"
            label={t('field.region')}
            value={said.region}
            choices={regions.map(({ id, name }) => ({ value: id, word: name }))}
            onChange={set('region')}
          />
        )}
        <SelectField<Kind>
          form={form}
          name="kind"
          label={t('field.kind')}
          value={said.kind}
          choices={KINDS.map((value) => ({ value, word: t(`kind.${value}`) }))}
          onChange={set('kind')}
        />
        <SelectField<Language>
          form={form}
          name="language"
          label={t('field.language')}
          hint={t('field.languageHint')}
          value={said.language}
          choices={LANGUAGES.map((value) => ({ value, word: LANGUAGE_NAMES[value] }))}
          onChange={set('language')}
        />
        <SelectField
          form={form}
          name="time_zone"
          label={t('field.timeZone')}
          hint={t('field.timeZoneHint')}
          value={said.time_zone}
          choices={zone.map((value) => ({ value, word: value }))}
          onChange={set('time_zone')}
        />
        {givesReach && (
          <SelectField<Reach>
            form={form}
            name="reach"
            label={t('field.reach')}
            value={said.reach}
            choices={REACHES.map((value) => ({ value, word: t(`reach.${value}`) }))}
            onChange={set('reach')}
          />
        )}
      </div>
      <HoursFields form={form} hours={said.hours} onChange={set('hours')} />
      <fieldset class="field check-group" name="attendance">
        <legend class="label">{t('field.away')}</legend>
        <CheckField
          name="away_counts"
          label={t('field.awayCounts')}
          hint={t('field.awayHint')}
          checked={said.away_counts}
          onChange={set('away_counts')}
        />
      </fieldset>
    </>
  );
}

interface HoursProps {
  form: FormState;
  hours: Said['hours'];
  onChange: (hours: Said['hours']) => void;
}

/** What a week begins with where nothing was said: the working days. */
const FIRST_WEEK: readonly DayHours[] = [0, 1, 2, 3, 4, 5, 6].map((day) => (day < 5 ? FIRST_HOURS : null));

function HoursFields({ form, hours, onChange }: HoursProps) {
  const names = weekdays(language.value);
  const set = (index: number, day: DayHours) => onChange((hours ?? []).map((each, at) => (at === index ? day : each)));
  return (
    <fieldset class="field check-group" name="opening_hours">
      <legend class="label">{t('field.hours')}</legend>
      <CheckField
        name="has_hours"
        label={t('field.hoursKnown')}
        hint={t('field.hoursHint')}
        checked={hours !== null}
        onChange={(known) => onChange(known ? FIRST_WEEK : null)}
      />
      {hours?.map((day, index) => (
        <fieldset key={names[index]} class="hours-day" name={`day.${index}`}>
          <legend class="visually-hidden">{names[index]}</legend>
          <CheckField
            name={`open.${index}`}
            label={names[index]}
            checked={day !== null}
            onChange={(open) => set(index, open ? FIRST_HOURS : null)}
          />
          {day && (
            <div class="hours-times">
              <TextField
                form={form}
                name={`opens.${index}`}
                type="time"
                label={t('field.opens')}
                value={day.first}
                onInput={(first) => set(index, { ...day, first })}
              />
              <TextField
                form={form}
                name={`opening_hours.${index}`}
                type="time"
                label={t('field.closes')}
                value={day.last}
                onInput={(last) => set(index, { ...day, last })}
              />
            </div>
          )}
        </fieldset>
      ))}
    </fieldset>
  );
}
