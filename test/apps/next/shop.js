'use client';
import Link from 'next/link';
import { push, sendEvent } from '@socialgouv/matomo-next';

export default function Shop({ search }) {
  return (
    <>
      <button id="event" onClick={() => sendEvent({ category: 'Menu', action: 'Open', name: 'Main', value: 3 })}>Menu</button>
      <button id="goal" onClick={() => push(['trackGoal', window.settings.goal, 5])}>Subscribe</button>
      <Link id="search" href={search}>Search</Link>
    </>
  );
}
