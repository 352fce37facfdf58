import { COLUMNS, type Table } from './columns';
import { t } from './words';

/** Which columns a file has, and what stands in them. */
export function ColumnList({ table }: { table: Table }) {
  return (
    <section class="panel import-list">
      <h2>{t('columns')}</h2>
      <p class="t-s ink-2">{t('columnsNote')}</p>
      <ul>
        {COLUMNS[table].map(({ name, needed, hint }) => (
          <li key={name}>
            <b>{t(`column.${name}`)}</b>
            {needed && <span class="tag">{t('needed')}</span>}
            {hint && (
              <span class="t-s ink-2" dir="auto">
                {t(`hint.${hint}`)}
              </span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
