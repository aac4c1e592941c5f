// A Vue application that counts with vue-matomo: the router sends the page views,
// a route with a keyword is a site search.
import { createApp, h } from 'vue';
import { createRouter, createWebHistory, RouterLink, RouterView } from 'vue-router';
import VueMatomo from 'vue-matomo';

const { tracking, site, goal, out } = window.settings;

const Home = { render: () => h(RouterLink, { id: 'shop', to: '/shop' }, () => 'Shop') };

const Shop = {
  render() {
    return h('div', [
      h('button', { id: 'event', onClick: () => this.$matomo.trackEvent('Menu', 'Open', 'Main', 3) }, 'Menu'),
      h('button', { id: 'goal', onClick: () => this.$matomo.trackGoal(goal, 5) }, 'Subscribe'),
      h(RouterLink, { id: 'search', to: '/search?q=shoes' }, () => 'Search'),
    ]);
  },
};

const Found = { render: () => [h('a', { id: 'list', href: '/list.pdf' }, 'List'), h('a', { id: 'out', href: out }, 'Partner')] };

const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', component: Home, meta: { title: 'Home' } },
    { path: '/shop', component: Shop, meta: { title: 'Shop' } },
    { path: '/search', component: Found, meta: { title: 'Search' } },
  ],
});

createApp({ render: () => h(RouterView) })
  .use(router)
  .use(VueMatomo, {
    host: tracking.replace(/\/$/, ''), siteId: site, router, disableCookies: true, enableHeartBeatTimer: true,
    userId: 'jane@example.org',
    trackSiteSearch: (to) => to.query.q && { keyword: to.query.q, category: 'women', resultsCount: 4 },
  })
  .mount('#app');
