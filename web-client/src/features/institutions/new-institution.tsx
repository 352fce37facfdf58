import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { api, type Me, type RegionCard } from '../../api/client';
import { language } from '../../i18n';
import { Form, Submit, useForm } from '../../ui/parts/form';
import { BoneRows } from '../../ui/parts/list';
import { useLoaded } from '../../ui/parts/loaded';
import { PageHead } from '../../ui/parts/page-head';
import { ProblemNote } from '../../ui/parts/problem';
import { InstitutionFields, type Said } from './fields';
import { openingHours } from './hours';
import { isMinistry } from './institution';
import { t } from './words';

/** An institution that is to be founded: in one's own region, or in any by the ministry. */
export function NewInstitution({ me }: { me: Me }) {
  const regions = useLoaded((signal) => api.get('/api/regions', { signal }), []);
  return (
    <div class="page">
      <PageHead title={t('institutions.new')}>
        <a class="button" href="/admin/institutions">
          {t('one.all')}
        </a>
      </PageHead>
      {regions.state === 'failed' && <ProblemNote problem={regions.problem} retry={regions.again} />}
      {regions.state === 'loading' && (
        <div class="panel" aria-busy="true">
          <BoneRows />
        </div>
      )}
      {regions.value && <NewForm me={me} regions={isMinistry(me) ? regions.value.items : []} />}
    </div>
  );
}

function NewForm({ me, regions }: { me: Me; regions: readonly RegionCard[] }) {
  const { route } = useLocation();
  const [said, setSaid] = useState<Said>({
    name: '',
    region: me.region,
    kind: 'public',
    reach: 'institution',
    language: language.value,
    time_zone: me.time_zone,
    hours: null,
    away_counts: true,
  });
  const form = useForm(
    async (idempotencyKey) => {
      const { hours, region, reach, ...words } = said;
      const body = {
        ...words,
        ...(isMinistry(me) && { region, reach }),
        ...(hours && { opening_hours: openingHours(hours) }),
      };
      return api.post('/api/institutions', { body, idempotencyKey });
    },
    ({ id }) => route(`/admin/institutions/${id}`),
  );
  return (
    <div class="panel form-panel">
      <Form form={form}>
        <InstitutionFields form={form} said={said} onChange={setSaid} regions={regions} givesReach={isMinistry(me)} />
        <div class="form-acts">
          <Submit form={form} word={t('institutions.create')} />
        </div>
      </Form>
    </div>
  );
}
