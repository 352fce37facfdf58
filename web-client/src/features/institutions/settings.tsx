import { PageHead } from '../../ui/parts/page-head';
import type { AreaProps } from '../school/areas';
import { me as home, know } from '../school/me';
import { enter, workplace } from '../school/workplace';
import { Details, useInstitution } from './details';
import { t } from './words';

/** The institution one works in: its name, its clock, its hours. */
export default function Settings({ me }: AreaProps) {
  const who = home.value ?? me;
  const loaded = useInstitution(who, me.institution);
  return (
    <div class="page">
      <PageHead title={t('settings.title')} note={<bdi>{me.institution_name}</bdi>} />
      <Details
        me={who}
        loaded={loaded}
        onSaved={(institution) => {
          // What the frame says of it, and the clock that every page goes by.
          if (workplace.value?.id === institution.id) enter(who, institution);
          else know({ ...who, institution_name: institution.name, time_zone: institution.time_zone });
        }}
      />
    </div>
  );
}
