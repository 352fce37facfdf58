import './pages.css';
import { Link, Lock, RadioTower } from 'lucide';
import { t } from '../../i18n';
import { Brand } from '../../ui/brand';
import { Icon } from '../../ui/icon';
import { LanguageSwitch } from '../../ui/language-switch';

/** What Qism is, and how one gets in: by a link. */
export function Home() {
  return (
    <div class="plain">
      <header class="plain-head">
        <Brand />
        <LanguageSwitch />
      </header>
      <main class="plain-main home">
        <section class="board home-board">
          <h1>{t('home.title')}</h1>
          <p class="t-l">{t('home.lead')}</p>
          <p class="home-acts">
            <a class="button chalk" href="/sign-in">
              {t('home.signIn')}
            </a>
            <a class="button chalk-quiet" href="/catalogue">
              {t('home.catalogue')}
            </a>
          </p>
        </section>
        <ul class="home-list">
          <li>
            <Icon of={Link} large />
            <p>
              <b>{t('home.how')}</b>
              <span class="ink-2">{t('home.account')}</span>
            </p>
          </li>
          <li>
            <Icon of={Lock} large />
            <p>{t('home.devices')}</p>
          </li>
          <li>
            <Icon of={RadioTower} large />
            <p>{t('home.weak')}</p>
          </li>
        </ul>
      </main>
    </div>
  );
}

export function NotFound() {
  return (
    <div class="plain">
      <header class="plain-head">
        <Brand />
        <LanguageSwitch />
      </header>
      <main class="plain-main">
        <h1>{t('page.notFoundTitle')}</h1>
        <p class="t-l ink-2">{t('page.notFoundText')}</p>
        <a class="button" href="/">
          {t('page.home')}
        </a>
      </main>
    </div>
  );
}
