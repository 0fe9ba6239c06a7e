/* The first script of every page of the app. It must run in any browser ever made, so it is written in
   the language of 2009: it dresses the page as the officer chose, finds out whether this browser can run
   the app, starts it, and says what to do when it cannot. The plain pages work without it. */
(function () {
  'use strict';

  var tag = document.currentScript || document.getElementById('boot-script');
  var root = document.documentElement;
  var patience = 15000;
  var begun = false;
  var watch = 0;

  /* The smallest module that uses each WebAssembly feature our compiler emits: multi-value, sign
     extension, saturating conversion, bulk memory, reference types. */
  var probe = [
    0, 97, 115, 109, 1, 0, 0, 0, 1, 6, 1, 96, 0, 2, 127, 127, 3, 2, 1, 0, 4, 4, 1, 111, 0, 0, 5, 3, 1, 0, 1, 10, 23, 1,
    21, 0, 65, 0, 192, 67, 0, 0, 0, 0, 252, 0, 65, 0, 65, 0, 65, 0, 252, 11, 0, 11
  ];

  function remembered(key) {
    try {
      return window.localStorage.getItem(key);
    } catch (error) {
      return null;
    }
  }

  function dress() {
    var theme = remembered('theme');
    var type = remembered('type');
    var locale = remembered('locale');
    if (theme === 'light' || theme === 'dark') root.setAttribute('data-theme', theme);
    if (type === 'large') root.setAttribute('data-type', type);
    if (locale) root.setAttribute('lang', locale);
  }

  function capable() {
    try {
      return (
        'noModule' in document.createElement('script') &&
        typeof BigInt === 'function' &&
        typeof Promise === 'function' &&
        typeof indexedDB !== 'undefined' &&
        typeof WebAssembly === 'object' &&
        WebAssembly.validate(new Uint8Array(probe))
      );
    } catch (error) {
      return false;
    }
  }

  function show(id) {
    var part = document.getElementById(id);
    if (part) part.hidden = false;
    return part;
  }

  function hide(id) {
    var part = document.getElementById(id);
    if (part) part.hidden = true;
  }

  function ready(act) {
    if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', act);
    else act();
  }

  function giveUp(why) {
    window.clearTimeout(watch);
    ready(function () {
      /* A lesson can be rated without the app. */
      var lesson = /^(\/lessons\/[0-9a-f-]+)\/rate$/.exec(window.location.pathname);
      var plain = document.getElementById('plain-link');
      if (lesson && plain) plain.href = lesson[1] + '/rate-plain';
      hide('skeleton');
      show('stuck');
      show(why);
    });
  }

  function start() {
    var script = document.createElement('script');
    script.type = 'module';
    script.src = tag.getAttribute('data-glue');
    script.onerror = function () {
      giveUp('stuck-network');
    };
    document.head.appendChild(script);
    watch = window.setTimeout(function () {
      if (!begun) giveUp('stuck-network');
    }, patience);
  }

  /* Called by the app's own loader, which knows how it went. */
  window.fingertip = {
    started: function () {
      begun = true;
      window.clearTimeout(watch);
      var skeleton = document.getElementById('skeleton');
      if (skeleton) skeleton.parentNode.removeChild(skeleton);
      hide('stuck');
    },
    failed: function (error) {
      if (window.console) window.console.error(error);
      giveUp(navigator.onLine === false ? 'stuck-network' : 'stuck-browser');
    }
  };

  function offer(worker) {
    var bar = show('update');
    if (!bar) return;
    document.getElementById('update-now').onclick = function () {
      worker.postMessage('skip-waiting');
    };
    document.getElementById('update-later').onclick = function () {
      bar.hidden = true;
    };
  }

  function keepOffline() {
    var workers = navigator.serviceWorker;
    if (!workers) return;
    var updating = !!workers.controller;
    workers.addEventListener('controllerchange', function () {
      if (updating) window.location.reload();
      updating = true;
    });
    workers.register('/sw.js').then(
      function (registration) {
        if (registration.waiting && workers.controller) offer(registration.waiting);
        registration.addEventListener('updatefound', function () {
          var worker = registration.installing;
          worker.addEventListener('statechange', function () {
            if (worker.state === 'installed' && workers.controller) offer(worker);
          });
        });
        document.addEventListener('visibilitychange', function () {
          if (!document.hidden) registration.update().catch(function () {});
        });
      },
      function () {}
    );
  }

  dress();
  /* A plain page names no app to start. */
  if (!tag.getAttribute('data-glue')) return;
  ready(function () {
    var retry = document.getElementById('retry');
    if (retry)
      retry.onclick = function () {
        window.location.reload();
      };
  });
  if (capable()) {
    start();
    window.addEventListener('load', keepOffline);
  } else {
    giveUp('stuck-browser');
  }
})();
