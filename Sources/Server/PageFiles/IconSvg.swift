// Written by scripts/embed-page.
// swift-format-ignore-file

extension Page {
  /// `Sources/Server/Page/icon.svg`.
  static let iconSvg = #"""
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
  <rect width="32" height="32" rx="7" fill="#0b3d5c"/>
  <path d="M5 25 C10 25 9 8 16 8 S22 25 27 25" fill="none" stroke="#fff" stroke-width="2.6" stroke-linecap="round"/>
  <g fill="#f0a33a">
    <circle cx="5" cy="25" r="2.2"/>
    <circle cx="10.4" cy="18.2" r="2.2"/>
    <circle cx="16" cy="8" r="2.2"/>
    <circle cx="21.6" cy="18.2" r="2.2"/>
    <circle cx="27" cy="25" r="2.2"/>
  </g>
</svg>

"""#
}
