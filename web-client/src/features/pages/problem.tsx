import { useEffect } from 'preact/hooks';
import type { ByeReason, ErrorCode } from '../../call';
import { T, t } from '../../i18n';
import { PlainPage } from './plain-page';

/** How often a server that does not answer is asked again, in seconds. */
export const RETRY_SECONDS = 5;

export type ProblemCode = ErrorCode | ByeReason | 'unreachable' | 'disconnected' | 'no_secret' | 'unsupported';

interface Props {
  code: ProblemCode;
  retry: () => void;
}

/** Why there is no lesson to show, and what to do. */
export function ProblemPage({ code, retry }: Props) {
  switch (code) {
    case 'no_secret':
      return <PlainPage alert mark="attention" title={t('page.noSecretTitle')} text={t('page.noSecretText')} />;
    case 'invitation_invalid':
    case 'lesson_unknown':
      return <PlainPage alert mark="attention" title={t('page.invitationTitle')} text={t('page.invitationText')} />;
    case 'lesson_ended':
      return <PlainPage mark="ended" title={t('page.lessonEndedTitle')} text={t('page.lessonEndedText')} />;
    case 'removed':
      return <PlainPage alert mark="alarm" title={t('page.removedTitle')} text={t('page.removedText')} />;
    case 'session_invalid':
    case 'ticket_invalid':
      return <PlainPage alert mark="attention" title={t('page.sessionTitle')} text={t('page.sessionText')} />;
    case 'unsupported':
      return <PlainPage alert mark="alarm" title={t('page.unsupportedTitle')} text={t('page.unsupportedText')} />;
    case 'unsupported_protocol':
    case 'bad_message':
    case 'protocol':
      return (
        <PlainPage
          alert
          mark="attention"
          title={t('page.versionTitle')}
          text={t('page.versionText')}
          act={{ word: t('page.reload'), run: () => location.reload() }}
        />
      );
    case 'store_unavailable':
      return (
        <PlainPage
          alert
          mark="alarm"
          title={t('page.storeTitle')}
          text={t('page.storeText')}
          act={{ word: t('state.retryNow'), run: retry }}
        />
      );
    case 'unreachable':
    case 'disconnected':
      return <Unreachable retry={retry} />;
    default:
      return (
        <PlainPage
          alert
          mark="attention"
          title={t('page.brokenTitle')}
          text={<T k="page.brokenText" v={{ code: <code class="mono">{code}</code> }} />}
          act={{ word: t('page.comeBack'), run: retry }}
        />
      );
  }
}

function Unreachable({ retry }: { retry: () => void }) {
  useEffect(() => {
    const timer = setTimeout(retry, RETRY_SECONDS * 1000);
    addEventListener('online', retry);
    return () => {
      clearTimeout(timer);
      removeEventListener('online', retry);
    };
  }, [retry]);
  return (
    <PlainPage
      alert
      mark="alarm"
      title={t('page.unreachableTitle')}
      text={<T k="page.unreachableText" v={{ count: RETRY_SECONDS }} />}
      act={{ word: t('state.retryNow'), run: retry }}
    />
  );
}
