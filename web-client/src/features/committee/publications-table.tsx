import { t } from '../../i18n';
import { rate } from '../../i18n/format';
import { Num } from '../../ui/num';
import { useSession } from '../lesson/session';

/** What is sent into the room, in which encodings, to how many. */
export function PublicationsTable() {
  const { room, figures } = useSession().state.value;
  if (!room) return null;
  if (!figures) return <p class="empty t-s">{t('committee.noFigures')}</p>;
  if (figures.publications.length === 0) return <p class="empty t-s">{t('committee.noPublications')}</p>;
  const columns = [t('committee.name'), t('committee.source'), t('committee.encodings'), t('committee.receivers')];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: so that arrow keys scroll it
    <div class="table-scroll" tabIndex={0}>
      <table class="table twin">
        <thead>
          <tr>
            {columns.map((column, index) => (
              <th key={column} scope="col" class={index === 3 ? 'n' : undefined}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {figures.publications.map(({ publication, participant, source, encodings, receivers }) => (
            <tr key={publication}>
              <th scope="row" dir="auto">
                {room.participants.get(participant)?.name ?? ''}
              </th>
              <td data-label={columns[1]}>{t(`source.${source}`)}</td>
              <td data-label={columns[2]}>
                <span class="encodings">
                  {encodings.map((bitrate, index) => (
                    // An encoding is its place in the order
                    <Num key={index}>{rate(bitrate)}</Num>
                  ))}
                </span>
              </td>
              <td class="n" data-label={columns[3]}>
                <Num>{receivers}</Num>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
