// The lab in a window: GLFW 3 and OpenGL 3.3.
#include <GLFW/glfw3.h>
#include <imgui.h>
#include <imgui_impl_glfw.h>
#include <imgui_impl_opengl3.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/app.h"
#include "platform/frame.h"
#include "platform/png.h"

namespace {

constexpr const char* kHelp =
    "Usage: lrlab-app [options]\n"
    "The Learning Rate Lab in a window.\n"
    "\n"
    "  --query TEXT        what to show, as behind the '#' of a link of the page: 'v=1&optimizer=adam&lr=0.01'\n"
    "  --size WxH          of the window, in logical pixels (1440x900)\n"
    "  --scale X           physical pixels to a logical one (as the screen says)\n"
    "  --theme dark|light\n"
    "  --command TEXT      a command as the page's lrlab.command() takes it, at start; may be repeated\n"
    "  --open FILE         a CSV file to learn from; one can also be dropped on the window\n"
    "  --frames N          end after N frames\n"
    "  --screenshot FILE   write the last of them as PNG (after 60 frames, where --frames says nothing)\n"
    "  --help\n";

struct Options {
  std::string query, screenshot, theme, open;
  std::vector<std::string> commands;
  int width = 1440, height = 900;
  long frames = 0;  // 0: until the window is closed
  double scale = 0;
};

[[noreturn]] void fail(const std::string& message) {
  std::fprintf(stderr, "lrlab-app: %s\n", message.c_str());
  std::exit(1);
}

template <class Number>
bool parse(std::string_view text, Number& number) {
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, number);
  return result.ec == std::errc() && result.ptr == end;
}

Options parse_options(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; i++) {
    const std::string_view name = argv[i];
    if (name == "--help" || name == "-h") {
      std::fputs(kHelp, stdout);
      std::exit(0);
    }
    if (i + 1 == argc) fail("'" + std::string(name) + "' is unknown, or a value is missing (--help lists the options)");
    const std::string_view value = argv[++i];
    bool fine = true;
    if (name == "--query") {
      options.query = value;
    } else if (name == "--open") {
      options.open = value;
    } else if (name == "--screenshot") {
      options.screenshot = value;
    } else if (name == "--command") {
      options.commands.emplace_back(value);
    } else if (name == "--theme") {
      options.theme = value;
      fine = value == "dark" || value == "light";
    } else if (name == "--frames") {
      fine = parse(value, options.frames) && options.frames > 0;
    } else if (name == "--scale") {
      fine = parse(value, options.scale) && options.scale >= 0.5 && options.scale <= 4;
    } else if (name == "--size") {
      const std::size_t x = value.find('x');
      fine = x != std::string_view::npos && parse(value.substr(0, x), options.width) &&
             parse(value.substr(x + 1), options.height) && std::min(options.width, options.height) >= 200 &&
             std::max(options.width, options.height) <= 8192;
    } else {
      fail("unknown option '" + std::string(name) + "' (--help lists them)");
    }
    if (!fine) fail("'" + std::string(value) + "' is no value for " + std::string(name) + " (--help tells more)");
  }
  if (!options.screenshot.empty() && options.frames == 0) options.frames = 60;
  return options;
}

std::string last_glfw_error() {
  const char* text = nullptr;
  glfwGetError(&text);
  return text ? text : "no reason given";
}

// Only links of the web are handed to the system's opener, and nothing of them to a shell.
void open_link(const std::string& url) {
  constexpr std::string_view kPlain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#=&%+,";
  if (!url.starts_with("https://") || url.find_first_not_of(kPlain) != std::string::npos) return;
#if defined(__APPLE__)
  const std::string command = "open '" + url + "'";
#else
  const std::string command = "xdg-open '" + url + "' >/dev/null 2>&1 &";
#endif
  if (std::system(command.c_str()) != 0) std::printf("%s\n", url.c_str());
}

// A CSV file; of one that is too large only as much as shows it. False: it cannot be read.
bool open_file(lrlab::App& app, const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text((2 << 20) + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!file.is_open() || file.bad()) return false;
  text.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, file.gcount())));
  file.clear();
  file.seekg(0, std::ios::end);
  app.open_file(path, text, static_cast<std::size_t>(std::max<std::streamoff>(0, file.tellg())));
  return true;
}

// Into the folder the program was started in; never over a file that is there.
void save_file(const std::string& name, const std::string& bytes) {
  const std::size_t dot = std::min(name.find_last_of('.'), name.size());
  for (int i = 1; i < 1000; i++) {
    const std::string path = i == 1 ? name : name.substr(0, dot) + "-" + std::to_string(i) + name.substr(dot);
    if (std::ifstream(path)) continue;
    std::ofstream(path, std::ios::binary) << bytes;
    std::printf("Saved %s\n", path.c_str());
    return;
  }
}

void save_screenshot(const std::string& path, int width, int height) {
  const std::size_t row = static_cast<std::size_t>(width) * 3;
  std::vector<std::uint8_t> pixels(row * static_cast<std::size_t>(height)), flipped(pixels.size());
  glPixelStorei(GL_PACK_ALIGNMENT, 1);
  glReadPixels(0, 0, width, height, GL_RGB, GL_UNSIGNED_BYTE, pixels.data());
  for (std::size_t y = 0; y < static_cast<std::size_t>(height); y++)  // OpenGL starts at the bottom
    std::copy_n(pixels.begin() + static_cast<std::ptrdiff_t>(y * row), row,
                flipped.end() - static_cast<std::ptrdiff_t>((y + 1) * row));
  std::ofstream file(path, std::ios::binary);
  file << lrlab::encode_png(width, height, flipped);
  if (!file.flush()) fail("cannot write " + path);
}

// Physical pixels to a logical one, and logical pixels to GLFW's screen coordinates: on a Mac those
// are logical already, elsewhere they are physical.
struct Density {
  float scale, logical_per_screen;
};
Density density(GLFWwindow* window, double wanted) {
  float content = 1, unused = 1;
  glfwGetWindowContentScale(window, &content, &unused);
  int screen = 1, pixels = 1, height = 0;
  glfwGetWindowSize(window, &screen, &height);
  glfwGetFramebufferSize(window, &pixels, &height);
  const float scale = wanted > 0 ? static_cast<float>(wanted) : std::clamp(content, 0.5f, 4.0f);
  const float pixels_per_screen = screen > 0 && pixels > 0 ? static_cast<float>(pixels) / static_cast<float>(screen) : 1;
  return {scale, pixels_per_screen / scale};
}

// The texture that changing pictures lie in (app/host.h).
GLuint make_sheet() {
  GLuint sheet = 0;
  glGenTextures(1, &sheet);
  glBindTexture(GL_TEXTURE_2D, sheet);
  for (const GLenum filter : {GL_TEXTURE_MIN_FILTER, GL_TEXTURE_MAG_FILTER}) glTexParameteri(GL_TEXTURE_2D, filter, GL_LINEAR);
  glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA, lrlab::Sheet::kWidth, lrlab::Sheet::kHeight, 0, GL_RGBA, GL_UNSIGNED_BYTE, nullptr);
  return sheet;
}

// The backend feeds Dear ImGui screen coordinates; it gets logical ones instead.
float g_logical_per_screen = 1;
void cursor_moved(GLFWwindow* window, double x, double y) {
  ImGui_ImplGlfw_CursorPosCallback(window, x * g_logical_per_screen, y * g_logical_per_screen);
}

}  // namespace

int main(int argc, char** argv) {
  const Options options = parse_options(argc, argv);

  if (!glfwInit())
    fail("there is no display to open a window on (" + last_glfw_error() +
         "). Without one, use the command line (lrlab) or the page (web/run).");
  glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
  glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
  glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
  glfwWindowHint(GLFW_OPENGL_FORWARD_COMPAT, GLFW_TRUE);
  glfwWindowHint(GLFW_SCALE_TO_MONITOR, options.scale > 0 ? GLFW_FALSE : GLFW_TRUE);
  const double size_scale = options.scale > 0 ? options.scale : 1;
  GLFWwindow* window = glfwCreateWindow(static_cast<int>(options.width * size_scale), static_cast<int>(options.height * size_scale),
                                        "Learning Rate Lab", nullptr, nullptr);
  if (!window) fail("the window could not be opened: it needs OpenGL 3.3 (" + last_glfw_error() + ")");
  glfwSetWindowSizeLimits(window, 320, 320, GLFW_DONT_CARE, GLFW_DONT_CARE);
  glfwMakeContextCurrent(window);
  glfwSwapInterval(1);

  IMGUI_CHECKVERSION();
  ImGui::CreateContext();
  ImGui::GetIO().IniFilename = nullptr;
  // Our own callback for the pointer, so the backend's are installed one by one.
  ImGui_ImplGlfw_InitForOpenGL(window, false);
  glfwSetWindowFocusCallback(window, ImGui_ImplGlfw_WindowFocusCallback);
  glfwSetCursorEnterCallback(window, ImGui_ImplGlfw_CursorEnterCallback);
  glfwSetCursorPosCallback(window, cursor_moved);
  glfwSetMouseButtonCallback(window, ImGui_ImplGlfw_MouseButtonCallback);
  glfwSetScrollCallback(window, ImGui_ImplGlfw_ScrollCallback);
  glfwSetKeyCallback(window, ImGui_ImplGlfw_KeyCallback);
  glfwSetCharCallback(window, ImGui_ImplGlfw_CharCallback);
  ImGui_ImplOpenGL3_Init("#version 330 core");

  {
    const GLuint sheet = make_sheet();
    lrlab::Host host;
    lrlab::LabClock clock(glfwGetTime());
    host.now = [&clock] { return clock.at(glfwGetTime()); };
    host.copy = [window](const std::string& text) { glfwSetClipboardString(window, text.c_str()); };
    host.open_link = open_link;
    host.save_file = [](const std::string& name, const std::string&, const std::string& bytes) { save_file(name, bytes); };
    std::string to_open;  // a path that was typed
    host.open_path = [&to_open](const std::string& path) {
      const bool readable = std::ifstream(path, std::ios::binary).peek() != std::ifstream::traits_type::eof();
      if (readable) to_open = path;
      return readable;
    };
    host.make_pool = lrlab::make_pool;
    host.sheet = {reinterpret_cast<void*>(static_cast<std::intptr_t>(sheet)), [sheet](int x, int y, int width, int height, const std::uint32_t* pixels) {
                    glBindTexture(GL_TEXTURE_2D, sheet);
                    glTexSubImage2D(GL_TEXTURE_2D, 0, x, y, width, height, GL_RGBA, GL_UNSIGNED_BYTE, pixels);
                  }};
    host.prefers_dark = options.theme != "light";
    lrlab::App app(std::move(host));
    app.load(options.query);
    glfwSetWindowUserPointer(window, &app);
    glfwSetDropCallback(window, [](GLFWwindow* on, int count, const char** paths) {
      if (count > 0 && !open_file(*static_cast<lrlab::App*>(glfwGetWindowUserPointer(on)), paths[0])) std::fprintf(stderr, "lrlab-app: '%s' cannot be read\n", paths[0]);
    });
    if (!options.open.empty() && !open_file(app, options.open)) fail("'" + options.open + "' cannot be read: there is no such file, or it is a folder, or not yours");
    for (const std::string& command : options.commands)
      if (!app.command(command)) fail("'" + command + "' is not understood");

    lrlab::Pace pace;
    float scale = 0;
    double last = glfwGetTime(), busy = 0, awake_until = last + 1;
    for (long frame = 0; !glfwWindowShouldClose(window) && (options.frames == 0 || frame < options.frames); frame++) {
      // Nothing moves: wait for input. Some more frames follow, for what answers with a delay.
      if (options.frames == 0 && !app.wants_frames() && glfwGetTime() > awake_until) {
        glfwWaitEvents();
        awake_until = glfwGetTime() + 1.2;
      } else {
        glfwPollEvents();
      }
      while (glfwGetWindowAttrib(window, GLFW_ICONIFIED) && !glfwWindowShouldClose(window)) glfwWaitEvents();

      const Density now_density = density(window, options.scale);
      g_logical_per_screen = now_density.logical_per_screen;
      if (scale != now_density.scale) {
        scale = now_density.scale;
        app.setup_style(scale);
        ImGui_ImplOpenGL3_DestroyFontsTexture();
        ImGui_ImplOpenGL3_CreateFontsTexture();
      }

      const double start = glfwGetTime();
      pace.frame(start - last, busy);
      last = start;
      ImGui_ImplOpenGL3_NewFrame();
      ImGui_ImplGlfw_NewFrame();
      int width = 0, height = 0;
      glfwGetFramebufferSize(window, &width, &height);
      ImGuiIO& io = ImGui::GetIO();
      io.DisplaySize = {lrlab::logical_size(width, scale), lrlab::logical_size(height, scale)};
      io.DisplayFramebufferScale = {scale, scale};
      io.DeltaTime = static_cast<float>(clock.frame(start));
      if (!to_open.empty()) open_file(app, std::exchange(to_open, {}));
      ImGui::NewFrame();
      // Tab goes round: there is no page to leave for.
      if (ImGui::IsKeyPressed(ImGuiKey_Tab) && !io.KeyCtrl && !app.move_focus(io.KeyShift)) app.move_focus(io.KeyShift);
      app.frame(pace.budget());
      ImGui::Render();
      glViewport(0, 0, width, height);
      glClear(GL_COLOR_BUFFER_BIT);
      ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
      if (!options.screenshot.empty() && frame + 1 == options.frames) save_screenshot(options.screenshot, width, height);
      busy = glfwGetTime() - start;
      glfwSwapBuffers(window);
    }
  }

  ImGui_ImplOpenGL3_Shutdown();
  ImGui_ImplGlfw_Shutdown();
  ImGui::DestroyContext();
  glfwDestroyWindow(window);
  glfwTerminate();
  return 0;
}
