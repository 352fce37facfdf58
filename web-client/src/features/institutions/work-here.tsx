import { useLocation } from 'preact-iso';
import type { InstitutionCard, Me } from '../../api/client';
import { enter, workplace } from '../school/workplace';
import { reaches } from './institution';
import { t } from './words';

interface Props {
  /** Who one is at home. */
  me: Me;
  institution: InstitutionCard;
  small?: boolean;
}

/** Goes into an institution that one's own reaches: to its timetable, as all its other pages then. */
export function WorkHere({ me, institution, small }: Props) {
  const { route } = useLocation();
  if (institution.id === me.institution || !reaches(me, institution)) return null;
  if (workplace.value?.id === institution.id) return <span class="tag is-attention">{t('institutions.atWork')}</span>;
  return (
    <button
      type="button"
      class={small ? 'button small' : 'button'}
      aria-label={t('institutions.workIn', { name: institution.name })}
      onClick={() => {
        enter(me, institution);
        route('/week');
      }}
    >
      {t('institutions.work')}
    </button>
  );
}
