// A list whose links stand in its items: to join and to leave takes no memory and no search.
#pragma once

namespace sallyport::base {

template <class T>
class IntrusiveList;

/// What an item of lists derives from: `class Timer : base::Linked<Timer>`. In one list at a time; leaves it when it goes.
template <class T>
class Linked {
 public:
  Linked(const Linked&) = delete;
  Linked& operator=(const Linked&) = delete;

  [[nodiscard]] bool linked() const noexcept { return next_ != nullptr; }
  /// Leaves its list. Does nothing when it is in none.
  void unlink() noexcept {
    if (!next_) return;
    previous_->next_ = next_;
    next_->previous_ = previous_;
    next_ = previous_ = nullptr;
  }

 protected:
  Linked() noexcept = default;
  ~Linked() { unlink(); }

 private:
  friend class IntrusiveList<T>;
  Linked* next_ = nullptr;
  Linked* previous_ = nullptr;
};

/// Owns nothing. Items that are still there when it goes are in no list then. An item that is inserted must be in none.
template <class T>
class IntrusiveList {
 public:
  IntrusiveList() noexcept { ends_.next_ = ends_.previous_ = &ends_; }
  IntrusiveList(const IntrusiveList&) = delete;
  IntrusiveList& operator=(const IntrusiveList&) = delete;
  ~IntrusiveList() {
    while (T* const item = front()) item->unlink();
  }

  /// Null where there is none.
  [[nodiscard]] T* front() const noexcept { return item_at(ends_.next_); }
  [[nodiscard]] T* back() const noexcept { return item_at(ends_.previous_); }
  [[nodiscard]] T* after(const T& item) const noexcept { return item_at(links_of(item).next_); }
  [[nodiscard]] T* before(const T& item) const noexcept { return item_at(links_of(item).previous_); }

  void push_front(T& item) noexcept { insert(item, *ends_.next_); }
  void push_back(T& item) noexcept { insert(item, ends_); }
  void insert_before(T& place, T& item) noexcept { insert(item, place); }
  /// Takes all items of `other` over, behind its own.
  void append(IntrusiveList& other) noexcept {
    while (T* const item = other.front()) {
      item->unlink();
      push_back(*item);
    }
  }

 private:
  using Links = Linked<T>;
  static const Links& links_of(const T& item) noexcept { return item; }
  T* item_at(Links* links) const noexcept { return links == &ends_ ? nullptr : static_cast<T*>(links); }
  void insert(Links& item, Links& next) noexcept {
    item.next_ = &next;
    item.previous_ = next.previous_;
    next.previous_->next_ = &item;
    next.previous_ = &item;
  }

  Links ends_;  // before the first and behind the last
};

}  // namespace sallyport::base
