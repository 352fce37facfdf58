import { useId, useState } from 'preact/hooks';
import { type AlarmCard, api } from '../../api/client';
import { date, time } from '../../i18n/format';
import { Figures, Num } from '../../ui/num';
import { TextArea } from '../../ui/parts/field';
import { Form, Submit, useForm } from '../../ui/parts/form';
import { Joined } from '../../ui/parts/joined';
import { DataList } from '../../ui/parts/list';
import { usePages } from '../../ui/parts/loaded';
import { AlarmWord, ruleOf, Since } from './alarm-rows';
import { pathOf } from './places';
import type { Taking } from './use-taking';
import { T, t } from './words';

const COMMENTS = '/api/institutions/{institution}/alarms/{alarm}/comments';

interface Props {
  alarm: AlarmCard;
  zone: string;
  taking: Taking;
  onChange: (alarm: AlarmCard) => void;
}

/** One alarm of the list: what, where, when, who takes care of it; what was said of it comes when it is asked for. */
export function AlarmRecord({ alarm, zone, taking, onChange }: Props) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const { region, institution, lesson, taken_by_name, ended_at, raised_at, comments } = alarm;
  return (
    <div class="row alarm-record">
      <span class="row-words">
        <AlarmWord rule={alarm.rule} />
        <a href={pathOf({ region, institution, lesson })}>
          <Joined of={[alarm.institution_name, alarm.lesson_title]} />
        </a>
        <span class="t-s ink-2">
          <Figures text={`${date(raised_at, zone)} · `} />
          {ended_at == null ? (
            <>
              <Num>{time(raised_at, zone)}</Num>
              {' · '}
              <Since at={raised_at} />
            </>
          ) : (
            <T
              k="alarm.fromTo"
              v={{ from: <Num>{time(raised_at, zone)}</Num>, to: <Num>{time(ended_at, zone)}</Num> }}
            />
          )}
        </span>
        {taken_by_name && (
          <span class="t-s">
            <T k="alarm.takenBy" v={{ name: <bdi>{taken_by_name}</bdi> }} />
          </span>
        )}
      </span>
      <span class="row-acts">
        {alarm.taken_by == null && ended_at == null && (
          <button
            type="button"
            class="button small"
            aria-label={t('alarm.takeOf', { rule: t(`rule.${ruleOf(alarm.rule)}`), lesson: alarm.lesson_title })}
            aria-disabled={taking.busy !== undefined}
            onClick={() => taking.take({ id: alarm.id, institution })}
          >
            {taking.busy === alarm.id ? t('alarm.taking') : t('alarm.take')}
          </button>
        )}
        <button
          type="button"
          class="button small quiet"
          aria-expanded={open}
          aria-controls={id}
          onClick={() => setOpen(!open)}
        >
          <span>
            <T k="alarm.comments" v={{ count: comments }} />
          </span>
        </button>
      </span>
      <div id={id} class="alarm-comments" hidden={!open}>
        {open && <Comments alarm={alarm} zone={zone} onAdded={() => onChange({ ...alarm, comments: comments + 1 })} />}
      </div>
    </div>
  );
}

function Comments({ alarm, zone, onAdded }: { alarm: AlarmCard; zone: string; onAdded: () => void }) {
  const [body, setBody] = useState('');
  const path = { institution: alarm.institution, alarm: alarm.id };
  const pages = usePages(COMMENTS, { path });
  const form = useForm(
    (idempotencyKey) => api.post(COMMENTS, { path, body: { body }, idempotencyKey }),
    (comment) => {
      setBody('');
      pages.edit((items) => [...items, comment]);
      onAdded();
    },
  );
  return (
    <>
      {alarm.comments > 0 && (
        <DataList
          pages={pages}
          label={t('alarm.commentList')}
          keyOf={(comment) => comment.id}
          empty={{ title: t('alarm.noComment') }}
          row={(comment) => (
            <div class="row">
              <span class="row-words">
                <span dir="auto">{comment.body}</span>
                <span class="t-xs ink-2">
                  <Joined
                    of={[
                      comment.author_name,
                      <Figures key="d" text={date(comment.at, zone)} />,
                      <Num key="t">{time(comment.at, zone)}</Num>,
                    ]}
                  />
                </span>
              </span>
            </div>
          )}
        />
      )}
      <Form form={form} label={t('alarm.comment')}>
        <TextArea form={form} name="body" label={t('alarm.comment')} value={body} onInput={setBody} rows={2} />
        <div class="form-acts">
          <Submit form={form} word={t('alarm.addComment')} kind="plain" />
        </div>
      </Form>
    </>
  );
}
