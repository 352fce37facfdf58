import type { Me } from '../../api/client';
import { PageHead } from '../../ui/parts/page-head';
import { Administrators } from './administrators';
import { Closing } from './closing';
import { Details, useInstitution } from './details';
import { t } from './words';
import { WorkHere } from './work-here';

/** One of the institutions that somebody reaches: what is known of it, who administers it, closing it. */
export function InstitutionPage({ me, id }: { me: Me; id: string }) {
  const loaded = useInstitution(me, id);
  const institution = loaded.value?.record;
  return (
    <div class="page">
      <PageHead title={institution?.name ?? t('one.title')}>
        <a class="button" href="/admin/institutions">
          {t('one.all')}
        </a>
        {institution && <WorkHere me={me} institution={institution} />}
      </PageHead>
      {institution && institution.closed_at == null && <Administrators me={me} institution={id} />}
      <Details me={me} loaded={loaded} />
      {institution && id !== me.institution && <Closing me={me} institution={institution} onDone={loaded.again} />}
    </div>
  );
}
