import { TriangleAlert } from 'lucide';
import type { DeviceError } from '../../call';
import { t } from '../../i18n';
import { Banner } from '../../ui/banner';

const KEYS = {
  denied: 'devices.denied',
  not_found: 'devices.notFound',
  busy: 'devices.busy',
  insecure: 'devices.insecure',
  other: 'devices.other',
} as const;

/** Why a device does not open, and what to do. */
export function PermissionHelp({ error, retry }: { error: DeviceError; retry: () => void }) {
  const key = KEYS[error];
  return (
    <div role="alert">
      <Banner
        tone="attention"
        icon={TriangleAlert}
        title={t(key)}
        text={t(`${key}Help`)}
        {...(error === 'insecure' ? {} : { act: { word: t('devices.retry'), run: retry } })}
      />
    </div>
  );
}
