#include "platform/draw_web.h"

#include <GLES3/gl3.h>

#include <algorithm>
#include <cstddef>
#include <utility>

namespace lrlab {
namespace {

// Positions are logical pixels. The atlas holds coverage only, so one channel is enough.
constexpr const char* kVertexShader = R"(#version 300 es
uniform vec4 to_clip;
layout(location = 0) in vec2 position;
layout(location = 1) in vec2 uv;
layout(location = 2) in vec4 colour;
out vec2 at;
out vec4 ink;
void main() {
  at = uv;
  ink = colour;
  gl_Position = vec4(position * to_clip.xy + to_clip.zw, 0, 1);
})";
constexpr const char* kFragmentShader = R"(#version 300 es
precision mediump float;
uniform sampler2D atlas;
in highp vec2 at;
in vec4 ink;
out vec4 colour;
void main() {
  colour = vec4(ink.rgb, ink.a * texture(atlas, at).r);
})";
constexpr const char* kImageShader = R"(#version 300 es
precision mediump float;
uniform sampler2D sheet;
in highp vec2 at;
in vec4 ink;
out vec4 colour;
void main() {
  colour = texture(sheet, at) * ink;
})";
constexpr const char* kPlainShader = R"(#version 300 es
precision mediump float;
in vec4 ink;
out vec4 colour;
void main() {
  colour = ink;
})";

GLuint compile(GLenum kind, const char* source) {
  const GLuint shader = glCreateShader(kind);
  glShaderSource(shader, 1, &source, nullptr);
  glCompileShader(shader);
  return shader;
}

}  // namespace

void DrawWeb::create() {
  constexpr const char* kShaders[Repaint::kPaints] = {kFragmentShader, kPlainShader, kImageShader};  // by Paint
  for (const Repaint::Paint paint : {Repaint::kPlain, Repaint::kBlended, Repaint::kImage}) {
    const GLuint program = programs_[paint] = glCreateProgram();
    for (const GLuint shader : {compile(GL_VERTEX_SHADER, kVertexShader),
                                compile(GL_FRAGMENT_SHADER, kShaders[paint])}) {
      glAttachShader(program, shader);
      glDeleteShader(shader);  // goes with the program
    }
    glLinkProgram(program);
    to_clip_[paint] = glGetUniformLocation(program, "to_clip");
  }
  paint_ = -1;
  repaint_.forget();

  glGenVertexArrays(1, &layout_);
  glBindVertexArray(layout_);
  glGenBuffers(1, &vertices_);
  glGenBuffers(1, &indices_);
  glBindBuffer(GL_ARRAY_BUFFER, vertices_);
  glBindBuffer(GL_ELEMENT_ARRAY_BUFFER, indices_);
  const auto attribute = [](GLuint index, GLint count, GLenum type, GLboolean normalised, std::size_t offset) {
    glEnableVertexAttribArray(index);
    glVertexAttribPointer(index, count, type, normalised, sizeof(ImDrawVert), reinterpret_cast<const void*>(offset));
  };
  attribute(0, 2, GL_FLOAT, GL_FALSE, offsetof(ImDrawVert, pos));
  attribute(1, 2, GL_FLOAT, GL_FALSE, offsetof(ImDrawVert, uv));
  attribute(2, 4, GL_UNSIGNED_BYTE, GL_TRUE, offsetof(ImDrawVert, col));

  glBlendFunc(GL_SRC_ALPHA, GL_ONE_MINUS_SRC_ALPHA);
  glEnable(GL_SCISSOR_TEST);
  // Each has a unit of its own and stays there: the sheet the second, the font the first.
  pixels_.resize(Sheet::kWidth * Sheet::kHeight);
  for (GLuint* texture : {&sheet_, &font_}) {
    glActiveTexture(texture == &sheet_ ? GL_TEXTURE1 : GL_TEXTURE0);
    glGenTextures(1, texture);
    glBindTexture(GL_TEXTURE_2D, *texture);
    for (const GLenum filter : {GL_TEXTURE_MIN_FILTER, GL_TEXTURE_MAG_FILTER}) glTexParameteri(GL_TEXTURE_2D, filter, GL_LINEAR);
    for (const GLenum wrap : {GL_TEXTURE_WRAP_S, GL_TEXTURE_WRAP_T}) glTexParameteri(GL_TEXTURE_2D, wrap, GL_CLAMP_TO_EDGE);
    if (texture == &sheet_) glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, Sheet::kWidth, Sheet::kHeight, 0, GL_RGBA, GL_UNSIGNED_BYTE, pixels_.data());
  }
  glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
  use(Repaint::kImage);
  glUniform1i(glGetUniformLocation(programs_[Repaint::kImage], "sheet"), 1);
}

void DrawWeb::forget() {
  // On a lost context these reach nothing; they free the names on our side of it.
  for (GLuint& program : programs_) glDeleteProgram(std::exchange(program, 0));
  glDeleteVertexArrays(1, &layout_);
  glDeleteBuffers(1, &vertices_);
  glDeleteBuffers(1, &indices_);
  for (GLuint* texture : {&sheet_, &font_}) glDeleteTextures(1, texture);
  layout_ = vertices_ = indices_ = font_ = sheet_ = 0;
}

void DrawWeb::upload_font() {
  unsigned char* coverage = nullptr;
  int width = 0, height = 0;
  ImGui::GetIO().Fonts->GetTexDataAsAlpha8(&coverage, &width, &height);
  repaint_.forget();
  glTexImage2D(GL_TEXTURE_2D, 0, GL_R8, width, height, 0, GL_RED, GL_UNSIGNED_BYTE, coverage);
}

void DrawWeb::put_picture(int x, int y, int width, int height, const std::uint32_t* pixels) {
  for (int row = 0; row < height; row++)
    std::copy_n(pixels + row * width, width, pixels_.begin() + (y + row) * Sheet::kWidth + x);
  if (!sheet_) return;  // the context is lost
  glActiveTexture(GL_TEXTURE1);
  glTexSubImage2D(GL_TEXTURE_2D, 0, x, y, width, height, GL_RGBA, GL_UNSIGNED_BYTE, pixels);
  glActiveTexture(GL_TEXTURE0);
}

void DrawWeb::use(Repaint::Paint paint) {
  if (paint_ == paint) return;
  paint_ = paint;
  glUseProgram(programs_[paint]);
  (paint == Repaint::kBlended ? glEnable : glDisable)(GL_BLEND);
}

void DrawWeb::draw(const ImDrawData& data, int width, int height) {
  const std::vector<Repaint::Draw>& draws = repaint_.update(data, width, height);
  if (draws.empty()) return;
  glViewport(0, 0, width, height);
  for (const Repaint::Paint paint : {Repaint::kPlain, Repaint::kBlended, Repaint::kImage}) {
    use(paint);
    glUniform4f(to_clip_[paint], 2 / data.DisplaySize.x, -2 / data.DisplaySize.y, -1, 1);
  }
  const std::vector<ImDrawIdx>& indices = repaint_.indices();
  glBufferData(GL_ELEMENT_ARRAY_BUFFER, static_cast<GLsizeiptr>(indices.size() * sizeof(ImDrawIdx)), indices.data(), GL_STREAM_DRAW);
  int uploaded = -1;
  for (const Repaint::Draw& draw : draws) {
    if (uploaded != draw.list) {
      const ImDrawList& list = *data.CmdLists[uploaded = draw.list];
      glBufferData(GL_ARRAY_BUFFER, list.VtxBuffer.size_in_bytes(), list.VtxBuffer.Data, GL_STREAM_DRAW);
    }
    use(draw.paint);
    glScissor(draw.left, height - draw.bottom, draw.right - draw.left, draw.bottom - draw.top);
    static_assert(sizeof(ImDrawIdx) == 4);
    glDrawElements(GL_TRIANGLES, static_cast<GLsizei>(draw.count), GL_UNSIGNED_INT,
                   reinterpret_cast<const void*>(draw.first * sizeof(ImDrawIdx)));
  }
}

}  // namespace lrlab
