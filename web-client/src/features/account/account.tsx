import './account.css';
import { PageHead } from '../../ui/parts/page-head';
import type { AreaProps } from '../school/areas';
import { Identities } from './identities';
import { Password } from './password';
import { Profile } from './profile';
import { SecondFactor } from './second-factor';
import { Sessions } from './sessions';
import { t } from './words';

/** One's own account: who one is, and what keeps it one's own. */
export default function Account({ me }: AreaProps) {
  return (
    <div class="page account">
      <PageHead title={t('account.title')} />
      <div class="account-columns">
        <div class="account-column">
          <Profile me={me} />
        </div>
        <div class="account-column">
          <Password />
          <SecondFactor me={me} />
          <Identities me={me} />
          <Sessions me={me} />
        </div>
      </div>
    </div>
  );
}
