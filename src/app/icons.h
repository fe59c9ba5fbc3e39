// The icons of assets/fonts/icons.ttf as UTF-8 strings. Written by assets/fonts/make_fonts.py: change it there.
//
// Load the font at the same pixel size as the text face (merged or on its own): an icon then is a square of that size,
// centred on the capitals. String literals cannot be pasted to these constants; format them: "%s %s", kPlay, "Run".
#pragma once

namespace lrlab::icon {

// For ImFontAtlas::AddFontFromMemory...: {kFirst, kLast, 0}, as ImWchar.
inline constexpr unsigned short kFirst = 0xE000;
inline constexpr unsigned short kLast = 0xE027;

inline constexpr const char* kPlay = "\xEE\x80\x80";  // run the training
inline constexpr const char* kPause = "\xEE\x80\x81";  // halt the training
inline constexpr const char* kStep = "\xEE\x80\x82";  // one update
inline constexpr const char* kReset = "\xEE\x80\x83";  // start again
inline constexpr const char* kUndo = "\xEE\x80\x84";
inline constexpr const char* kRedo = "\xEE\x80\x85";
inline constexpr const char* kPlus = "\xEE\x80\x86";
inline constexpr const char* kMinus = "\xEE\x80\x87";
inline constexpr const char* kClose = "\xEE\x80\x88";
inline constexpr const char* kPin = "\xEE\x80\x89";  // keep a lane
inline constexpr const char* kEye = "\xEE\x80\x8A";  // shown
inline constexpr const char* kEyeOff = "\xEE\x80\x8B";  // hidden
inline constexpr const char* kDuplicate = "\xEE\x80\x8C";
inline constexpr const char* kMenu = "\xEE\x80\x8D";  // open the drawer
inline constexpr const char* kSettings = "\xEE\x80\x8E";  // sliders
inline constexpr const char* kShare = "\xEE\x80\x8F";
inline constexpr const char* kHelp = "\xEE\x80\x90";
inline constexpr const char* kMaximise = "\xEE\x80\x91";
inline constexpr const char* kSun = "\xEE\x80\x92";  // light colours
inline constexpr const char* kMoon = "\xEE\x80\x93";  // dark colours
inline constexpr const char* kDownload = "\xEE\x80\x94";
inline constexpr const char* kUpload = "\xEE\x80\x95";
inline constexpr const char* kFlag = "\xEE\x80\x96";  // a lesson's goal
inline constexpr const char* kFork = "\xEE\x80\x97";  // a new lane from here
inline constexpr const char* kPencil = "\xEE\x80\x98";  // edit
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
inline constexpr const char* kDice = "\xEE\x80\xA3";  // a new seed
inline constexpr const char* kMinimise = "\xEE\x80\xA4";
inline constexpr const char* kBook = "\xEE\x80\xA5";  // lessons
inline constexpr const char* kTrash = "\xEE\x80\xA6";  // remove
inline constexpr const char* kLink = "\xEE\x80\xA7";  // copy a link

}  // namespace lrlab::icon
