import { useState } from 'preact/hooks';
import { api, type Me } from '../../api/client';
import { language } from '../../i18n';
import { day, hours } from '../../i18n/format';
import { Figures, Num } from '../../ui/num';
import { AwaitedPage } from '../../ui/parts/awaited';
import { CopyText } from '../../ui/parts/copy';
import { CheckField, TextArea, TextField } from '../../ui/parts/field';
import { Form, Submit, useForm } from '../../ui/parts/form';
import { useLoaded } from '../../ui/parts/loaded';
import { PageHead } from '../../ui/parts/page-head';
import { Places } from './catalogue';
import { T, t } from './words';

interface Props {
  me: Me | null;
  course: string;
}

/** An offered course, and the form by which one applies. */
export function OfferPage({ me, course }: Props) {
  const loaded = useLoaded((signal) => api.get('/api/catalogue/{course}', { path: { course }, signal }), [course]);
  const page = loaded.value;
  if (!page) return <AwaitedPage title={t('catalogue.title')} loaded={loaded} />;
  const { offer, units } = page;
  return (
    <div class="page">
      <PageHead title={offer.title} note={<bdi>{offer.institution_name}</bdi>}>
        <a class="button" href="/catalogue">
          {t('offer.back')}
        </a>
      </PageHead>
      <div class="offer-columns">
        <div class="offer-main">
          {offer.description && (
            <p class="offer-text" dir="auto">
              {offer.description}
            </p>
          )}
          {units.length > 0 && (
            <section class="panel" aria-labelledby="offer-programme">
              <h2 id="offer-programme" class="panel-head">
                {t('offer.programme')}
              </h2>
              <ol class="rows">
                {units.map((unit) => (
                  <li key={unit.title} class="row">
                    <span class="row-words" dir="auto">
                      {unit.title}
                    </span>
                    <span class="ink-2">
                      <Num>{hours(unit.planned_minutes)}</Num>
                    </span>
                  </li>
                ))}
              </ol>
            </section>
          )}
        </div>
        <div class="offer-main">
          <dl class="fact-rows panel">
            <Fact word={t('catalogue.region')} value={offer.region_name} />
            <Fact word={t('catalogue.sector')} value={offer.sector} />
            <Fact word={t('catalogue.level')} value={offer.level} />
            {offer.apply_until != null && (
              <Fact word={t('offer.until')} value={<Figures text={day(offer.apply_until, offer.time_zone)} />} />
            )}
            {offer.places_left != null && (
              <div>
                <dt>{t('offer.places')}</dt>
                <dd>
                  <Places left={offer.places_left} />
                </dd>
              </div>
            )}
          </dl>
          <Apply me={me} course={course} waits={offer.places_left === 0} />
        </div>
      </div>
    </div>
  );
}

function Fact({ word, value }: { word: string; value: preact.ComponentChildren }) {
  if (!value) return null;
  return (
    <div>
      <dt>{word}</dt>
      <dd dir="auto">{value}</dd>
    </div>
  );
}

function Apply({ me, course, waits }: Props & { waits: boolean }) {
  const [fields, setFields] = useState({ name: me?.name ?? '', mail: '', phone: '', message: '' });
  const [asMyself, setAsMyself] = useState(me !== null);
  const [secret, setSecret] = useState<string | null>(null);
  const set = (name: keyof typeof fields) => (value: string) => setFields({ ...fields, [name]: value });
  const form = useForm(
    (idempotencyKey) => {
      const body = { ...fields, language: language.value, as_myself: asMyself && me !== null };
      return api.post('/api/catalogue/{course}/applications', { path: { course }, body, idempotencyKey });
    },
    (applied) => setSecret(applied.secret),
    (problem) => {
      // Said in this form's own words: which of two fields is empty, and what is there already.
      const isUnreached = problem.fields.some(({ field, code }) => field === 'mail' && code === 'empty');
      if (isUnreached) form.refuse([{ field: 'phone', code: 'nobody_reached', detail: t('apply.reach') }]);
      else if (problem.code === 'taken') {
        const field = asMyself && me ? 'message' : fields.phone ? 'phone' : 'mail';
        form.refuse([{ field, code: 'applied_already', detail: t('apply.already') }]);
      } else return false;
      return true;
    },
  );
  if (secret) return <Applied secret={secret} />;
  // An account is reached anyway.
  const isReached = me !== null && asMyself;
  return (
    <section class="panel form-panel" aria-labelledby="apply">
      <h2 id="apply">{t('apply.title')}</h2>
      {waits && <p class="ink-2">{t('apply.waits')}</p>}
      <Form form={form}>
        {me && (
          <CheckField
            name="as_myself"
            label={<T k="apply.asMyself" v={{ name: <bdi>{me.name}</bdi> }} />}
            checked={asMyself}
            onChange={setAsMyself}
          />
        )}
        {!isReached && (
          <TextField
            form={form}
            name="name"
            autocomplete="name"
            label={t('apply.name')}
            value={fields.name}
            onInput={set('name')}
          />
        )}
        <TextField
          form={form}
          name="phone"
          type="tel"
          dir="ltr"
          autocomplete="tel"
          optional={isReached}
          label={t('apply.phone')}
          value={fields.phone}
          onInput={set('phone')}
        />
        <TextField
          form={form}
          name="mail"
          type="email"
          dir="ltr"
          autocomplete="email"
          optional={isReached}
          label={t('apply.mail')}
          hint={isReached ? undefined : t('apply.mailHint')}
          value={fields.mail}
          onInput={set('mail')}
        />
        <TextArea
          form={form}
          name="message"
          optional
          label={t('apply.message')}
          value={fields.message}
          onInput={set('message')}
        />
        <Submit form={form} word={t('apply.send')} kind="primary big wide" />
      </Form>
    </section>
  );
}

function Applied({ secret }: { secret: string }) {
  const link = `${location.origin}/application#${secret}`;
  return (
    <section class="panel form-panel form" aria-labelledby="applied" role="status">
      <h2 id="applied">{t('apply.done')}</h2>
      <p>{t('apply.keep')}</p>
      <CopyText label={t('apply.link')} text={link} />
      <div class="form-acts">
        <a class="button primary" href={`/application#${secret}`}>
          {t('apply.follow')}
        </a>
      </div>
    </section>
  );
}
