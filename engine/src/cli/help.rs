//! The texts of `--help`.

/// What a usage error ends with.
pub(super) const HINT: &str = "Try \"readystate run --help\".";

/// The text of `--version`.
pub(super) fn version() -> String {
    format!(
        "readystate {} ({})\n",
        env!("CARGO_PKG_VERSION"),
        readystate_js::engine_name()
    )
}

pub(super) const OVERVIEW: &str = "\
readystate loads a web page without a browser: it runs the page's scripts, lets its
requests finish, and gives you the document as it stands then.

Usage: readystate COMMAND [OPTIONS]

Commands:
  run TARGET    load a page and print its document
  help [run]    print this help, or that of run

Options:
  -h, --help       print this help
  -V, --version    print the version and the JavaScript engine

Examples:
  readystate run https://example.com/
  readystate run site/ --dump text
  readystate run page.html --eval 'document.title'
  curl -s https://example.com/ | readystate run - --base-url https://example.com/
";

pub(super) const RUN: &str = "\
Load a page, run its scripts, wait until it is settled, and print its document.

Usage: readystate run TARGET [OPTIONS]

TARGET is one of
  http://… or https://…   a page on the web
  FILE.html               a file, served with its folder on a loopback address
  FOLDER                  a folder with an index.html, served the same way
  -                       HTML on standard input

A served file or folder also has /__echo, which answers with what was sent to it,
and /__delay?ms=N, which answers after N milliseconds.

What to print (on standard output):
      --dump html|text|none    the document's markup (default), its text, or nothing
  -e, --eval JS                evaluate JS when the page is settled and print its value
                               instead: a string as it is, anything else as JSON; a
                               promise is awaited. May be given more than once

When:
      --wait-for SELECTOR      wait until an element matches, before anything else
      --settle-ms MS           the page is settled when no request is in flight and no
                               timer is due within MS milliseconds (default 500, with
                               --virtual-time 10000)
      --virtual-time           whenever nothing but timers is pending, jump to the next one
                               instead of waiting: quick, and alike in every run
      --now TIME               the page's clock starts at TIME: 2026-01-31,
                               2026-01-31T12:00:00Z, or seconds since 1970
      --timeout MS             time for everything together (default 30000)

Requests:
  -A, --user-agent TEXT        the User-Agent to send
  -H, --header 'NAME: VALUE'   a header for every request. May be given more than once
  -b, --cookie-file FILE       read cookies from FILE and write them back, session cookies
                               too (Netscape format; JSON if its name ends in .json)
      --storage-file FILE      read localStorage from FILE and write it back (JSON)
  -u, --user NAME:PASSWORD     for the page's server, where it asks (Basic or Digest)
  -x, --proxy URL              an http:// or socks5:// proxy; only literal addresses can
                               be refused behind one. Without it, http_proxy, https_proxy,
                               all_proxy and no_proxy count, but not for loopback
      --noproxy LIST           hosts, domains and networks reached without the proxy
      --cacert FILE            trust the authorities in FILE too (PEM)
  -E, --cert FILE              a certificate for servers that ask for one (PEM)
      --key FILE               its private key, if it is in another file (PEM)
  -k, --insecure               accept any TLS certificate
      --cache-dir DIR          keep cached responses in DIR for the next run
      --allow-private          let a page from a public address reach loopback, private
                               and link-local addresses; a local page may anyway
      --block PATTERN          fail requests whose URL matches: * is anything but /, ** is
                               anything, {a,b} one of them; '**/ads/**', '**://t.example/**'.
                               May be given more than once
      --map HOST[:PORT]=ADDRESS[:PORT]
                               connect to ADDRESS where a URL says HOST; *.HOST is any host
                               below, * any host. May be given more than once; an ADDRESS
                               that is private needs --allow-private or a local page
      --har FILE               record all requests in FILE (HAR 1.2), also if a limit ends
                               the run
      --replay FILE            answer from FILE (HAR) by method, URL and body; what is not
                               in it fails. The server of a file or folder is still asked
      --base-url URL           the page's URL when it is read from standard input

Messages (on standard error; the page's console and its uncaught errors by default):
  -q, --quiet                  only what ends the run
      --log-requests           a line for each request: method, URL, status, bytes,
                               milliseconds, and why it failed
      --strict                 exit with 4 if the page has an uncaught script error

Limits:
      --max-script-time MS     time a task may run script (default 10000)
      --max-heap MIB           the script heap (default 512)
      --max-body MIB           one response body, decoded (default 256)
      --max-nodes N            nodes in all documents (default 4000000)
      --max-redirects N        redirects of one request (default 20)
      --max-requests N         requests in flight at a time (default 512)
      --max-connections N      WebSockets and EventSources of the page at a time (default 255)
      --max-frames N           frames of the page at a time (default 1000)
      --max-windows N          windows that the page has open at a time (default 100)
      --max-timers N           timers armed at a time (default 100000)
      --max-tasks N            tasks waiting before script may queue no more (default 100000)

  -h, --help                   print this help

Exit status:
  0  done
  1  the page could not be loaded
  2  the command line is wrong
  3  a limit was hit, the time-out for example; what there is was printed
  4  an uncaught script error under --strict, or the script of --eval threw
";
