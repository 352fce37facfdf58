import { PageHead } from '../../ui/parts/page-head';
import type { AreaProps } from '../school/areas';
import { me as home } from '../school/me';
import { Details, useInstitution } from './details';
import { Retention } from './retention';
import { t } from './words';

/** The institution one works in: its name, its clock, its hours. */
export default function Settings({ me }: AreaProps) {
  const who = home.value ?? me;
  const loaded = useInstitution(who, me.institution);
  return (
    <div class="page">
      <PageHead title={t('settings.title')} note={<bdi>{me.institution_name}</bdi>} />
      <Details me={who} loaded={loaded} />
      {who.institution === me.institution && <Retention me={me} />}
    </div>
  );
}
