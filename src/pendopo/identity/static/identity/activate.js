// The QR code on the slip carries the code after '#', which never reaches a server: put it into the field.
const field = document.querySelector("#activation input[name=code]");
const carried = location.hash.slice(1);
if (field && carried && !field.value) {
  field.value = carried;
  history.replaceState(null, "", location.pathname + location.search);
}
