import './account.css';
import { PageHead } from '../../ui/parts/page-head';
import { CalendarFeed, feedTitle } from '../calendar/feed';
import type { AreaProps } from '../school/areas';
import { Identities } from './identities';
import { Part } from './part';
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
          <Part title={feedTitle()}>
            <CalendarFeed zone={me.time_zone} />
          </Part>
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
