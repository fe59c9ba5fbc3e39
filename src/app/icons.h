// The icons of assets/fonts/icons.ttf as UTF-8 strings, written by assets/fonts/make_fonts.py:
// change them there.
//
// Load the font at the pixel size of the text face (merged or on its own): an icon then is a square
// of that size, centred on the capitals. A literal cannot be pasted to a constant: format them,
// as in "%s %s", kPlay, "Run".
#pragma once

namespace lrlab::icon {

// For ImFontAtlas::AddFontFromMemory...: {kFirst, kLast, 0}, as ImWchar.
inline constexpr unsigned short kFirst = 0xE000;
inline constexpr unsigned short kLast = 0xE027;

inline constexpr const char* kPlay = "\xEE\x80\x80";
inline constexpr const char* kPause = "\xEE\x80\x81";
inline constexpr const char* kStep = "\xEE\x80\x82";
inline constexpr const char* kReset = "\xEE\x80\x83";
inline constexpr const char* kUndo = "\xEE\x80\x84";
inline constexpr const char* kRedo = "\xEE\x80\x85";
inline constexpr const char* kPlus = "\xEE\x80\x86";
inline constexpr const char* kMinus = "\xEE\x80\x87";
inline constexpr const char* kClose = "\xEE\x80\x88";
inline constexpr const char* kPin = "\xEE\x80\x89";
inline constexpr const char* kEye = "\xEE\x80\x8A";
inline constexpr const char* kEyeOff = "\xEE\x80\x8B";
inline constexpr const char* kDuplicate = "\xEE\x80\x8C";
inline constexpr const char* kMenu = "\xEE\x80\x8D";
inline constexpr const char* kSettings = "\xEE\x80\x8E";
inline constexpr const char* kShare = "\xEE\x80\x8F";
inline constexpr const char* kHelp = "\xEE\x80\x90";
inline constexpr const char* kMaximise = "\xEE\x80\x91";
inline constexpr const char* kSun = "\xEE\x80\x92";
inline constexpr const char* kMoon = "\xEE\x80\x93";
inline constexpr const char* kDownload = "\xEE\x80\x94";
inline constexpr const char* kUpload = "\xEE\x80\x95";
inline constexpr const char* kFlag = "\xEE\x80\x96";
inline constexpr const char* kFork = "\xEE\x80\x97";
inline constexpr const char* kPencil = "\xEE\x80\x98";
inline constexpr const char* kTarget = "\xEE\x80\x99";
inline constexpr const char* kChart = "\xEE\x80\x9A";
inline constexpr const char* kInfo = "\xEE\x80\x9B";
inline constexpr const char* kWarning = "\xEE\x80\x9C";
inline constexpr const char* kCheck = "\xEE\x80\x9D";
inline constexpr const char* kChevronLeft = "\xEE\x80\x9E";
inline constexpr const char* kChevronRight = "\xEE\x80\x9F";
inline constexpr const char* kChevronUp = "\xEE\x80\xA0";
inline constexpr const char* kChevronDown = "\xEE\x80\xA1";
inline constexpr const char* kLock = "\xEE\x80\xA2";
inline constexpr const char* kDice = "\xEE\x80\xA3";
inline constexpr const char* kMinimise = "\xEE\x80\xA4";
inline constexpr const char* kBook = "\xEE\x80\xA5";
inline constexpr const char* kTrash = "\xEE\x80\xA6";
inline constexpr const char* kLink = "\xEE\x80\xA7";

}  // namespace lrlab::icon
