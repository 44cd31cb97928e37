// The secret of an invitation stands behind the hash: it is taken out of the address and sent by the form.
const form = document.querySelector("form[data-invitation]");
const secret = location.hash.slice(1);

if (secret) history.replaceState(null, "", location.pathname);
if (form && secret) {
  form.elements.link.value = secret;
  form.requestSubmit();
}
