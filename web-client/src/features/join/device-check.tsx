import { Video } from 'lucide';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { DeviceError } from '../../call';
import {
  type Devices,
  deviceError,
  listDevices,
  onDevicesChanged,
  openPreview,
  type Preview,
} from '../../call/devices';
import { t } from '../../i18n';
import { type ChosenDevices, keepDevices, keptDevices } from '../../memory';
import { Icon } from '../../ui/icon';
import { keepOpen } from '../lesson/restore';
import { DeviceSelect } from './device-select';
import { LevelMeter } from './level-meter';
import { PermissionHelp } from './permission-help';

interface Opened {
  camera: Preview | null;
  microphone: Preview | null;
}

const CLOSED: Opened = { camera: null, microphone: null };

/** The trainer's camera and microphone, looked at and listened to before anybody else does. */
export function DeviceCheck() {
  const [opened, setOpened] = useState<Opened>(CLOSED);
  const [opening, setOpening] = useState(false);
  const [error, setError] = useState<DeviceError | null>(globalThis.isSecureContext ? null : 'insecure');
  const [devices, setDevices] = useState<Devices>({ cameras: [], microphones: [], speakers: [] });
  const [wanted, setWanted] = useState<ChosenDevices>(keptDevices());
  const held = useRef<Opened>(CLOSED);

  const refresh = async () => setDevices(await listDevices());
  const hold = (next: Opened) => {
    held.current = next;
    setOpened(next);
  };
  useEffect(() => onDevicesChanged(() => void refresh()), []);
  // Leaving the page frees the devices: the lesson opens them again.
  useEffect(() => () => close(held.current), []);

  const open = async () => {
    setOpening(true);
    setError(null);
    close(held.current);
    const failures: DeviceError[] = [];
    const one = (kind: 'camera' | 'microphone') =>
      openPreview(kind, wanted[kind]).catch((reason: unknown) => {
        failures.push(deviceError(reason));
        return null;
      });
    const microphone = await one('microphone');
    const camera = await one('camera');
    hold({ camera, microphone });
    // What was tried here opens when the lesson starts.
    keepOpen([...(microphone ? ['microphone' as const] : []), ...(camera ? ['camera' as const] : [])]);
    setError(failures[0] ?? null);
    setOpening(false);
    await refresh();
  };

  const change = async (kind: 'camera' | 'microphone' | 'speaker', id: string) => {
    setWanted({ ...wanted, [kind]: id });
    keepDevices({ [kind]: id });
    if (kind === 'speaker' || !held.current[kind]) return;
    held.current[kind]?.close();
    try {
      hold({ ...held.current, [kind]: await openPreview(kind, id) });
    } catch (reason) {
      hold({ ...held.current, [kind]: null });
      setError(deviceError(reason));
    }
  };

  const isOpen = opened.camera !== null || opened.microphone !== null;
  return (
    <section class="panel device-check" aria-label={t('devices.title')}>
      <div class="camera">
        {opened.camera ? (
          <SelfView stream={opened.camera.stream} />
        ) : (
          <div class="camera-empty">
            <Icon of={Video} large />
            <span class="t-s">{isOpen ? t('devices.noPicture') : t('devices.why')}</span>
            {!isOpen && error !== 'insecure' && (
              <button type="button" class="button" onClick={() => void open()} aria-disabled={opening}>
                {opening ? t('devices.opening') : t('devices.open')}
              </button>
            )}
          </div>
        )}
      </div>
      {error && <PermissionHelp error={error} retry={() => void open()} />}
      {isOpen && (
        <div class="device-rows">
          {opened.microphone && <LevelMeter stream={opened.microphone.stream} />}
          <DeviceSelect
            label={t('devices.camera')}
            devices={devices.cameras}
            value={opened.camera?.deviceId}
            onChange={(id) => void change('camera', id)}
          />
          <DeviceSelect
            label={t('devices.microphone')}
            devices={devices.microphones}
            value={opened.microphone?.deviceId}
            onChange={(id) => void change('microphone', id)}
          />
          <DeviceSelect
            label={t('devices.speaker')}
            devices={devices.speakers}
            value={wanted.speaker}
            onChange={(id) => void change('speaker', id)}
          />
        </div>
      )}
    </section>
  );
}

function close({ camera, microphone }: Opened): void {
  camera?.close();
  microphone?.close();
}

function SelfView({ stream }: { stream: MediaStream }) {
  const element = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (element.current) element.current.srcObject = stream;
  }, [stream]);
  return <video ref={element} autoplay muted playsInline aria-label={t('devices.preview')} />;
}
