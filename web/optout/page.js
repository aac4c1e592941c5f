// Takes the choice without a new page, so that the focus stays and the status
// is heard. Without this script the form does the same by itself.
const form = document.querySelector('form');
const button = form.querySelector('button');
const state = document.querySelector('.state');
form.addEventListener('submit', async (event) => {
  if (button.dataset.plain) return;
  event.preventDefault();
  try {
    const answer = await fetch(form.action, { method: 'POST', body: new URLSearchParams({ wish: button.value }) });
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const [newState, newButton] = [page.querySelector('.state'), page.querySelector('button')];
    state.className = newState.className;
    state.replaceChildren(...newState.childNodes);
    button.className = newButton.className;
    button.value = newButton.value;
    button.textContent = newButton.textContent;
    document.title = page.title;
  } catch {
    button.dataset.plain = '1';
    form.requestSubmit(button);
  }
});
