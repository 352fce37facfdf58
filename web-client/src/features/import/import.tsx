import { useRef, useState } from 'preact/hooks';
import { address, api, type ImportReport, problemOf } from '../../api/client';
import { language } from '../../i18n';
import { FileField } from '../../ui/parts/field';
import { Form, Submit, useForm } from '../../ui/parts/form';
import { PageHead } from '../../ui/parts/page-head';
import type { AreaProps } from '../school/areas';
import { ColumnList } from './column-list';
import { TABLES, type Table } from './columns';
import { Done, Seen } from './report';
import { t } from './words';
import './import.css';

/** What a file may weigh, as the server has it (src/import): a larger one is not sent. */
const FILE_BYTES_MAX = 5_000_000;

/** Timetables have a call of their own at the same place. */
const IMPORTS = '/api/institutions/{institution}/imports/{table}';

const EXPORTS = '/api/institutions/{institution}/exports/{table}';

/** People, groups and timetables from a file, and into one. The address says which: `/people/import/lessons`. */
export default function Import({ me, rest }: AreaProps) {
  const { institution } = me;
  const [table, setTable] = useState<Table>(TABLES.find((name) => name === rest[0]) ?? 'people');
  const [file, setFile] = useState<File | null>(null);
  const [seen, setSeen] = useState<ImportReport | null>(null);
  const [done, setDone] = useState<ImportReport | null>(null);
  const [isReading, setReading] = useState(false);
  // What was read last: an answer about a file that was chosen before it is not shown.
  const latest = useRef(0);
  const element = useRef<HTMLDivElement>(null);
  const send = (chosen: File, of: Table, preview: boolean, idempotencyKey?: string) =>
    api.post(IMPORTS, {
      path: { institution, table: of },
      query: { preview },
      body: new Blob([chosen], { type: 'text/csv' }),
      idempotencyKey,
    });
  const form = useForm(async (idempotencyKey) => {
    if (!file) throw new Error('there is no file');
    return send(file, table, false, idempotencyKey);
  }, setDone);

  async function look(chosen: File, of: Table) {
    latest.current += 1;
    const turn = latest.current;
    form.clear();
    setFile(chosen);
    setSeen(null);
    if (chosen.size > FILE_BYTES_MAX) {
      form.refuse([{ field: 'file', code: 'file_too_large', detail: '' }]);
      return;
    }
    setReading(true);
    try {
      const report = await send(chosen, of, true);
      if (turn === latest.current) setSeen(report);
    } catch (error) {
      if (turn === latest.current) form.fail(problemOf(error), element.current?.closest('form'));
    } finally {
      if (turn === latest.current) setReading(false);
    }
  }

  function choose(of: Table) {
    setTable(of);
    if (file) void look(file, of);
  }

  function again() {
    form.clear();
    setDone(null);
    setSeen(null);
    setFile(null);
  }

  return (
    <div class="page import">
      <PageHead title={t('title')} note={t('note')} />
      {done ? (
        <Done report={done} table={table} again={again} />
      ) : (
        <div class="import-columns">
          <Form form={form} class="import-form">
            <fieldset class="import-what">
              <legend>{t('what')}</legend>
              <div class="segments">
                {TABLES.map((name) => (
                  <button key={name} type="button" aria-pressed={table === name} onClick={() => choose(name)}>
                    {t(`table.${name}`)}
                  </button>
                ))}
              </div>
              {table === 'lessons' && <p class="t-s ink-2">{t('lessonsNote')}</p>}
            </fieldset>
            <FileField
              form={form}
              name="file"
              label={t('file')}
              hint={t('fileHint')}
              accept=".csv,.txt,text/csv"
              value={file}
              onChoose={(chosen) => void look(chosen, table)}
            />
            <div ref={element} role="status">
              {isReading && <p class="ink-2">{t('reading')}</p>}
            </div>
            {seen && <Seen report={seen} />}
            {seen && seen.problem_count === 0 && seen.created + seen.changed > 0 && (
              <div class="form-acts">
                <Submit form={form} word={t('bring')} busyWord={t('bringing')} />
              </div>
            )}
          </Form>
          <aside class="import-side">
            <ColumnList table={table} />
            <section class="panel import-export">
              <h2>{t('export')}</h2>
              <p class="t-s ink-2">{t('exportNote')}</p>
              {table === 'lessons' && <p class="t-s ink-2">{t('exportLessons')}</p>}
              <a
                class="button"
                href={address(EXPORTS, { institution, table: `${table}.csv` }, { language: language.value })}
                download
              >
                <bdi>{`${table}.csv`}</bdi>
              </a>
            </section>
          </aside>
        </div>
      )}
    </div>
  );
}
