// What nghttp2 calls, and how it is set up. For the files of Http2Session only.
#pragma once

#include "wire/http2_session.hpp"

#include <nghttp2/nghttp2.h>

#include <cstddef>
#include <cstdint>
#include <memory>

namespace sallyport::wire {

struct Http2Session::Callbacks {
  /// The callbacks and options of all sessions. Lives as long as the program.
  struct Setup {
    Setup();  ///< throws std::bad_alloc

    std::unique_ptr<nghttp2_session_callbacks, decltype(&nghttp2_session_callbacks_del)> callbacks{
        nullptr, nghttp2_session_callbacks_del};
    std::unique_ptr<nghttp2_option, decltype(&nghttp2_option_del)> options{nullptr, nghttp2_option_del};
  };
  [[nodiscard]] static const Setup& setup();

  static int begin_headers(nghttp2_session* raw, const nghttp2_frame* frame, void* user) noexcept;
  static int header(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name, std::size_t name_size,
                    const std::uint8_t* value, std::size_t value_size, std::uint8_t, void* user) noexcept;
  static int data_chunk(nghttp2_session*, std::uint8_t, std::int32_t id, const std::uint8_t* data, std::size_t size,
                        void* user) noexcept;
  static int frame_received(nghttp2_session*, const nghttp2_frame* frame, void* user) noexcept;
  static int frame_sent(nghttp2_session*, const nghttp2_frame* frame, void* user) noexcept;
  static int frame_not_sent(nghttp2_session*, const nghttp2_frame* frame, int, void* user) noexcept;
  static int stream_close(nghttp2_session* raw, std::int32_t id, std::uint32_t, void* user) noexcept;
  static ssize_t later(Stream& stream) noexcept;
  static ssize_t read_file(Stream& stream, std::uint8_t* out, std::size_t size, std::uint32_t* flags) noexcept;
  static ssize_t read(nghttp2_session*, std::int32_t, std::uint8_t* out, std::size_t size, std::uint32_t* flags,
                      nghttp2_data_source* source, void*) noexcept;
  static int send_data(nghttp2_session*, nghttp2_frame*, const std::uint8_t* frame_header, std::size_t size,
                       nghttp2_data_source* source, void* user) noexcept;
};

}  // namespace sallyport::wire
