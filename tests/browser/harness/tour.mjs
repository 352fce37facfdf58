import { openBrowser, Person, TONES } from './people.mjs';
import { portrait, slidePage } from './scenery.mjs';
import { wordsOf } from './words.mjs';

/** The sizes in which every screen has to hold. */
export const DESK = { name: 'desk', width: 1440, height: 900 };
export const PHONE = { name: 'phone', width: 360, height: 740 };

/** People of a class, for pictures of the product. */
const CLASS = ['آمال بن يوسف', 'Yanis Belkacem', 'سلمى الإدريسي', 'Karim Haddad', 'نور الهدى زروال'];
const SAID = {
  ar: ['السلام عليكم، الصوت واضح', 'هل نعيد التمرين الثاني؟'],
  fr: ['Bonjour, le son est net', 'Peut-on refaire le deuxième exercice ?'],
};

/** Fake devices are called after their files; a laptop's are not. */
const NAME_DEVICES = () => {
  const names = { videoinput: 'Integrated Camera', audioinput: 'Internal Microphone', audiooutput: 'Speakers' };
  const devices = globalThis.navigator.mediaDevices;
  const enumerate = devices?.enumerateDevices.bind(devices);
  if (!enumerate) return;
  devices.enumerateDevices = async () =>
    (await enumerate()).map(({ kind, deviceId, groupId, label }) => ({ kind, deviceId, groupId, label: label && names[kind] }));
};

/** A class at work: a trainer who shares a slide, trainees, one with the floor, one with a raised hand. */
export class ClassAtWork {
  static async begin(server, language) {
    const made = new ClassAtWork();
    made.server = server;
    made.language = language;
    made.words = await wordsOf(language);
    made.browsers = await Promise.all([
      openBrowser({ file: portrait() }),
      openBrowser({ file: portrait({ width: 640, height: 360 }), tone: TONES.first }),
    ]);
    const links = server.demo.links;
    made.trainer = await Person.arrive(made.browsers[0], { viewport: DESK, locale: language });
    await made.trainer.context.addInitScript(NAME_DEVICES);
    await made.trainer.enter(links.trainer);
    await made.trainer.openScreen(server.url, slidePage(language));
    await made.trainer.teach({ screen: true });
    made.trainees = [];
    for (const name of CLASS) {
      const trainee = await Person.arrive(made.browsers[1], { viewport: DESK, locale: language });
      await trainee.enter(links.trainee, name);
      made.trainees.push(trainee);
    }
    const [first, second, third] = made.trainees;
    await first.press(made.words['hand.raise']);
    await made.trainer.press(made.words['floor.give']);
    await first.open('camera');
    await second.press(made.words['hand.raise']);
    await third.press(made.words['hand.raise']);
    await second.say(SAID[language][0]);
    await third.say(SAID[language][1]);
    return made;
  }

  async end() {
    await Promise.allSettled(this.browsers.map((browser) => browser.close()));
  }
}

/**
 * Goes through every screen of the product in a language and a size; `visit(name, page)` is called on each, when it
 * shows what it should.
 */
export async function tour(room, size, visit) {
  const { server, language, words } = room;
  const links = server.demo.links;
  const browser = room.browsers[1];
  const arrive = async () => {
    const person = await Person.arrive(browser, { viewport: size, locale: language });
    await person.context.addInitScript(NAME_DEVICES);
    return person;
  };
  const button = (person, key) => person.page.getByRole('button', { name: words[key], exact: true }).first();

  const visitor = await arrive();
  await visitor.page.goto(server.url);
  await visitor.page.getByText(words['home.title']).first().waitFor();
  await visit('home', visitor.page);
  await visitor.page.goto(`${server.url}/join#0000`);
  await visitor.page.getByText(words['page.invitationTitle']).first().waitFor();
  await visit('invitation-unknown', visitor.page);
  await visitor.page.goto(`${server.url}/nothing-here`);
  await visitor.page.getByRole('heading').first().waitFor();
  await visit('not-found', visitor.page);

  await visitor.page.goto(links.trainer);
  await button(visitor, 'devices.open').click();
  await visitor.page.getByLabel(words['devices.preview']).waitFor();
  await playing(visitor.page);
  await visit('join-trainer', visitor.page);
  await visitor.page.goto(links.committee);
  await button(visitor, 'join.enter').waitFor();
  await visit('join-committee', visitor.page);
  await button(visitor, 'join.enter').click();
  await visitor.page.locator('.committee').waitFor();
  await visitor.page.getByText(words['committee.unknown']).first().waitFor({ state: 'detached' });
  await visit('committee', visitor.page);
  await visitor.context.close();

  const trainee = await arrive();
  await trainee.page.goto(links.trainee);
  await button(trainee, 'join.enter').waitFor();
  await visit('join-trainee', trainee.page);
  await button(trainee, 'join.enter').click();
  await visit('join-trainee-name-missing', trainee.page);
  await trainee.page.locator('input#name').fill(language === 'ar' ? 'ليلى منصوري' : 'Leïla Mansouri');
  await button(trainee, 'join.enter').click();
  await trainee.page.locator('.room.trainee video').first().waitFor();
  await playing(trainee.page);
  await visit('classroom-trainee', trainee.page);
  await trainee.page.locator('button.quality').first().click();
  await trainee.page.getByRole('dialog').waitFor();
  await visit('quality', trainee.page);
  await trainee.page.keyboard.press('Escape');
  const panel = trainee.page.getByRole('button', { name: new RegExp(`^${words['chat.open']}`) }).first();
  if (await panel.count()) {
    await panel.click();
    await trainee.page.getByRole('dialog').waitFor();
    await visit('chat', trainee.page);
    await trainee.page.keyboard.press('Escape');
  }
  await button(trainee, 'hand.raise').click();
  await button(trainee, 'hand.lower').waitFor();
  await visit('hand-raised', trainee.page);
  await inSize(room.trainees[0].page, size, async (page) => {
    await playing(page);
    await visit('classroom-trainee-with-floor', page);
  });
  await inSize(room.trainer.page, size, async (page) => {
    await page.locator('.room.trainer').waitFor();
    await visit('classroom-trainer', page);
    await button(room.trainer, 'devices.dialog').click();
    await page.getByRole('dialog').waitFor();
    await visit('devices', page);
    await page.keyboard.press('Escape');
    await button(room.trainer, 'trainer.end').click();
    await page.getByRole('dialog').waitFor();
    await visit('end-lesson', page);
    await page.keyboard.press('Escape');
  });

  await server.kill();
  await trainee.page.locator('.veil').first().waitFor({ timeout: 20_000 });
  await visit('reconnecting', trainee.page);
  await server.run();
  await trainee.page.locator('.veil').first().waitFor({ state: 'detached', timeout: 20_000 });
  await button(trainee, 'room.leave').click();
  await trainee.page.getByText(words['page.leftTitle']).first().waitFor();
  await visit('left', trainee.page);
  await trainee.context.close();
  // The next tour finds the class as this one did.
  await playing(room.trainees[0].page);
}

/** Looks at a page in another size, and gives it back as it was. */
async function inSize(page, size, look) {
  const before = page.viewportSize();
  await page.setViewportSize({ width: size.width, height: size.height });
  await look(page);
  await page.setViewportSize(before);
}

/** Waits until every picture on the page moves. */
async function playing(page) {
  await page.waitForFunction(() => {
    const videos = [...document.querySelectorAll('video')];
    return videos.length > 0 && videos.every((video) => video.videoWidth > 0 && !video.paused);
  });
}
