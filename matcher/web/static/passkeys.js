/* Passkeys: asks the browser for one, puts its answer into the form, and sends the form. */
(function () {
  "use strict";
  if (!window.PublicKeyCredential || !navigator.credentials) return;

  function bytes(text) {
    var plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, function (one) { return one.charCodeAt(0); });
  }

  function text(buffer) {
    var plain = "";
    new Uint8Array(buffer).forEach(function (one) { plain += String.fromCharCode(one); });
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function withBytes(options) {
    options.challenge = bytes(options.challenge);
    if (options.user) options.user.id = bytes(options.user.id);
    ["allowCredentials", "excludeCredentials"].forEach(function (name) {
      (options[name] || []).forEach(function (one) { one.id = bytes(one.id); });
    });
    return options;
  }

  function told(made) {
    var response = {};
    ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]
      .forEach(function (name) {
        if (made.response[name]) response[name] = text(made.response[name]);
      });
    return JSON.stringify({
      id: made.id,
      rawId: text(made.rawId),
      type: made.type,
      response: response,
      clientExtensionResults: made.getClientExtensionResults()
    });
  }

  document.querySelectorAll("form[data-passkey]").forEach(function (form) {
    var failed = form.querySelector(".passkey__failed");
    form.hidden = false;
    document.querySelectorAll("[data-no-passkeys]").forEach(function (one) { one.hidden = true; });
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      failed.hidden = true;
      var wanted = { publicKey: withBytes(JSON.parse(form.dataset.options)) };
      navigator.credentials[form.dataset.passkey](wanted).then(function (made) {
        form.elements.answer.value = told(made);
        form.submit();
      }).catch(function () { failed.hidden = false; });
    });
  });
})();
